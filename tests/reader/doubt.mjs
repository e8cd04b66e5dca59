// The one error of this reader: something is not what formats.md says. `code` is formats.md's own word for it.

export class Doubt extends Error {
  constructor(code, detail) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

export function demand(holds, code, detail) {
  if (!holds) throw new Doubt(code, detail);
}
