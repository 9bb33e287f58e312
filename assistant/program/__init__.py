"""What is known of ICE's 287(g) program: models, criteria, offices, state law, words, and where each is written.

Data files with their readers. Knows nothing of an application, and judges nothing.
"""

from assistant.program.criteria import Criterion, criteria_for, criterion_source
from assistant.program.facts import ProgramContact, Term, glossary, program_contact, recipient_address
from assistant.program.laws import LawNote, state_laws
from assistant.program.models import (
    ModelCard,
    ModelFit,
    SourcedStatement,
    Topic,
    fitting_models,
    get_model,
    models,
    side_by_side,
    topics,
)
from assistant.program.offices import (
    OfficeProposal,
    OplaLocation,
    field_office_for,
    field_offices,
    opla_for,
    opla_locations,
    split_counties,
)
from assistant.program.sources import Citation, Source, cite, sources
from assistant.program.states_and_counties import state_code, states

__all__ = [
    "Citation",
    "Criterion",
    "LawNote",
    "ModelCard",
    "ModelFit",
    "OfficeProposal",
    "OplaLocation",
    "ProgramContact",
    "Source",
    "SourcedStatement",
    "Term",
    "Topic",
    "cite",
    "criteria_for",
    "criterion_source",
    "field_office_for",
    "field_offices",
    "fitting_models",
    "get_model",
    "glossary",
    "models",
    "opla_for",
    "opla_locations",
    "program_contact",
    "recipient_address",
    "side_by_side",
    "sources",
    "split_counties",
    "state_code",
    "state_laws",
    "states",
    "topics",
]
