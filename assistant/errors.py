"""The tree of errors. An error is about us or our input; what is wrong with an agency's answers is a finding.

    AssistantError
    ├── InputError              the input cannot be used: exit status 2, one plain sentence
    │   ├── AnswersError        an answers file: names the path
    │   ├── PdfError            a PDF that is broken, hostile, locked or too large
    │   │   └── OurFaultError   a PDF on which this program failed: exit status 70, the file need not be wrong
    │   ├── SpreadsheetError    a CSV or XLSX that cannot be read
    │   ├── DatabaseError       a database that is away, closed, full or busy
    │   │   └── DamagedDatabaseError  a database whose file or tables are damaged
    │   └── UnknownFormError    a PDF that must be a known form edition and is not
    ├── BlockedError            done, but something blocks: exit status 1
    │   └── PracticeError       not for an application of a made-up agency, which is for practice: 422
    ├── FillError               a filled PDF does not read back as it was meant: names the blank
    ├── EditionError            a field map that does not fit its form, or is badly written
    ├── NotFoundError           no such application, nominee, form: 404
    ├── StaleError              someone else saved meanwhile: 409
    ├── LockedApplicationError  an application that is locked for changes: 409
    ├── BusyError               this computer has no time for a file now: 503, exit status 75
    └── SealError               a sealed value that does not open: names its place, or the key file
        └── LockedKeysError     a key file that a passphrase protects, and none or another one was given

Every message is one plain sentence for the person at the screen: what is wrong, then what to do. It names
blanks, paths and files, never the value of somebody's data.
"""


class AssistantError(Exception):
    """The root: catch it at the edge (a command, a view), nowhere else."""


class InputError(AssistantError):
    """The input cannot be used."""


class AnswersError(InputError):
    """An answers file that cannot be read; ``path`` says where, in dotted form."""

    def __init__(self, path: str, message: str) -> None:
        """Keep the path beside the sentence."""
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


class PdfError(InputError):
    """A PDF that cannot be used."""


class OurFaultError(PdfError):
    """A PDF on which this program failed while it was read: nothing says that the file is wrong.

    A PdfError all the same, so that one odd file is refused where it was given and stops nothing else.
    """


class SpreadsheetError(InputError):
    """A spreadsheet that cannot be read."""


class DatabaseError(InputError):
    """A database that cannot be used as it is: away, closed, full or busy."""


class DamagedDatabaseError(DatabaseError):
    """A database whose file or tables are damaged."""


class UnknownFormError(InputError):
    """A PDF that has to be a known form edition, and is not."""


class BlockedError(AssistantError):
    """What was asked for is refused because a blocker stands."""


class PracticeError(BlockedError):
    """What was asked for is not done with an application that is for practice."""


class FillError(AssistantError):
    """What stands in a filled form is not what was meant; ``blank`` names where."""

    def __init__(self, blank: str, message: str) -> None:
        """Keep the blank beside the sentence."""
        super().__init__(f"{blank}: {message}")
        self.blank = blank


class EditionError(AssistantError):
    """A form edition whose map cannot be used."""


class NotFoundError(AssistantError):
    """There is no such thing, or it belongs to another agency (the answer is the same)."""


class StaleError(AssistantError):
    """The thing was changed by somebody else since it was read."""


class LockedApplicationError(AssistantError):
    """The application is locked for changes."""

    def __init__(self) -> None:
        """Say so, and who can unlock it."""
        super().__init__("This application is locked for changes. Ask an approver or an administrator to unlock it.")


class BusyError(AssistantError):
    """This computer has no time for the work now; nothing says that the input is wrong."""

    def __init__(self, message: str = "This computer is busy. Try again in a minute.") -> None:
        """Keep the sentence."""
        super().__init__(message)


class SealError(AssistantError):
    """A sealed value that does not open, or a key file that is none; ``place`` names it."""

    def __init__(self, place: str, message: str) -> None:
        """Keep the place beside the sentence."""
        super().__init__(f"{place}: {message}")
        self.place = place


class LockedKeysError(SealError):
    """A key file that a passphrase protects, without the right one."""

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__("key file", message)
