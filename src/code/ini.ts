/** Reads INI files as setup.cfg, tox.ini and .flake8 write them. Rule: tolerant; continuation lines join with a newline. */

/** `section.key` → value. */
export function readIni(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let section = '';
  let last: string | null = null;
  for (const raw of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(raw)) continue;
    const header = /^\[([^\]]+)\]/.exec(raw);
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(raw);
    if (header) {
      section = header[1] ?? '';
      last = null;
    } else if (/^\s/.test(raw) && last !== null) {
      values.set(last, `${values.get(last)}\n${raw.trim()}`);
    } else if (pair) {
      last = `${section}.${pair[1]}`;
      values.set(last, pair[2] ?? '');
    }
  }
  return values;
}

/** Items of a list that is separated by commas, spaces or lines; comments at the end of lines go. */
export function iniList(value: string | undefined): string[] {
  return (value ?? '')
    .replace(/\s#.*$/gm, '')
    .split(/[\s,]+/)
    .filter((item) => item !== '');
}
