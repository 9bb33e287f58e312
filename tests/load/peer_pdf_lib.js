// Fill forms with pdf-lib, one after another: a line of JSON (values, bytes) and the PDF come in, length and PDF go out.
const fs = require('fs');
const { PDFDocument } = require('pdf-lib');
const fontkit = require('@pdf-lib/fontkit');

const letters = fs.readFileSync(process.argv[2]);

async function fill(data, values) {
  const pdf = await PDFDocument.load(data);
  pdf.registerFontkit(fontkit);
  const font = await pdf.embedFont(letters, { subset: true });
  const form = pdf.getForm();
  for (const [name, text] of Object.entries(values)) form.getTextField(name).setText(text);
  form.updateFieldAppearances(font);
  return pdf.save({ updateFieldAppearances: false });
}

async function main() {
  let waiting = Buffer.alloc(0);
  for await (const part of process.stdin) {
    waiting = Buffer.concat([waiting, part]);
    const end = waiting.indexOf(10);
    if (end < 0) continue;
    const { values, bytes } = JSON.parse(waiting.subarray(0, end).toString());
    if (waiting.length < end + 1 + bytes) continue;
    const made = await fill(waiting.subarray(end + 1, end + 1 + bytes), values);
    waiting = waiting.subarray(end + 1 + bytes);
    process.stdout.write(`${made.length}\n`);
    process.stdout.write(made);
  }
}

main();
