/**
 * Syntax trees of any language that is read here, as plain nodes. Rule: offsets are UTF-16; a text with errors has a tree
 * all the same (what could not be read is `ERROR` in it), so a caller decides what a broken text is worth.
 */

/** One node: `kind` as the grammar names it; a token's kind is its own text. */
export class SyntaxNode {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly parent: SyntaxNode | null;
  readonly children: SyntaxNode[] = [];
  readonly #source: string;

  constructor(source: string, kind: string, start: number, end: number, parent: SyntaxNode | null) {
    this.#source = source;
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.parent = parent;
  }

  get text(): string {
    return this.#source.slice(this.start, this.end);
  }

  /** 1-based. */
  get line(): number {
    return this.#source.slice(0, this.start).split('\n').length;
  }

  /** The first child of one of `kinds`. */
  child(...kinds: string[]): SyntaxNode | undefined {
    return this.children.find(({ kind }) => kinds.includes(kind));
  }

  /** Above this one, the nearest first. */
  *above(): Generator<SyntaxNode> {
    for (let node = this.parent; node !== null; node = node.parent) yield node;
  }

  /** This one and everything below it in text order; where `enter` says no, what is below a node is left out. */
  *below(enter: (node: SyntaxNode) => boolean = () => true): Generator<SyntaxNode> {
    const left: SyntaxNode[] = [this];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      yield node;
      if (node !== this && !enter(node)) continue;
      for (let index = node.children.length - 1; index >= 0; index--) left.push(node.children[index] as SyntaxNode);
    }
  }
}

/** Parses `text` by the ending of `path`; null for a language that has no grammar here. */
export async function parseSyntax(path: string, text: string): Promise<SyntaxNode | null> {
  const grammar = grammarOf(path);
  if (grammar === null) return null;
  const { Lang, parse } = await openGrammars();
  const own = { javascript: Lang.JavaScript, typescript: Lang.TypeScript, tsx: Lang.Tsx };
  const known = grammar in own ? own[grammar as keyof typeof own] : grammar;
  return plain(parse(known, text).root(), text);
}

/** Loads ast-grep with every grammar that it does not bring itself: it admits one registration in the life of a process. */
export async function openGrammars() {
  const [napi, python, go, rust] = await Promise.all([
    import('@ast-grep/napi'),
    import('@ast-grep/lang-python'),
    import('@ast-grep/lang-go'),
    import('@ast-grep/lang-rust'),
  ]);
  napi.registerDynamicLanguage({ python: python.default, go: go.default, rust: rust.default });
  return napi;
}

type Grammar = 'python' | 'javascript' | 'typescript' | 'tsx' | 'go' | 'rust';

function grammarOf(path: string): Grammar | null {
  const [, ending = ''] = /\.(\w+)$/.exec(path) ?? [];
  if (/^pyi?$/.test(ending)) return 'python';
  if (/^[mc]?ts$/.test(ending)) return 'typescript';
  if (ending === 'tsx') return 'tsx';
  if (/^([mc]?js|jsx)$/.test(ending)) return 'javascript';
  return ending === 'go' ? 'go' : ending === 'rs' ? 'rust' : null;
}

interface Foreign {
  kind(): unknown;
  range(): { start: { index: number }; end: { index: number } };
  children(): Foreign[];
}

/** One walk over the foreign tree, without recursion: a text may nest as deeply as it likes. */
function plain(root: Foreign, source: string): SyntaxNode {
  const make = (node: Foreign, parent: SyntaxNode | null) => {
    const { start, end } = node.range();
    return new SyntaxNode(source, String(node.kind()), start.index, end.index, parent);
  };
  const top = make(root, null);
  const left: Array<[Foreign, SyntaxNode]> = [[root, top]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [foreign, node] = next;
    for (const child of foreign.children()) {
      const made = make(child, node);
      node.children.push(made);
      left.push([child, made]);
    }
  }
  return top;
}
