/** Class q: the same change as SEARCH/REPLACE blocks and as `*** Begin Patch`, in the spellings that models use. */
import {
  type Damage,
  type Damages,
  type Draft,
  type DraftHunk,
  type DraftSection,
  editing,
  linesOf,
  occurrences,
  sideOf,
} from './model.ts';

interface Block {
  search: string[];
  replace: string[];
  /** 1-based. */
  line: number;
}

/** Blocks that stand once in their file: widened upwards and downwards until they do. Null where that cannot be. */
function blocksOf(draft: Draft, section: DraftSection): Block[] | null {
  const file = linesOf(draft.before.get(section.change.oldPath)?.content ?? '');
  const blocks: Block[] = [];
  let floor = 0;
  for (const [at, hunk] of section.hunks.entries()) {
    const block = widened(file, hunk, floor, (section.hunks[at + 1]?.oldStart ?? file.length + 1) - 1);
    if (block === null) return null;
    blocks.push(block);
    floor = block.line - 1 + block.search.length;
  }
  return blocks;
}

function widened(file: readonly string[], hunk: DraftHunk, floor: number, ceiling: number): Block | null {
  const [search, replace] = [sideOf(hunk, 'old'), sideOf(hunk, 'new')];
  // Without old lines a hunk names the line before.
  let start = search.length === 0 ? hunk.oldStart : hunk.oldStart - 1;
  let end = start + search.length;
  while (!search.some((line) => line.trim() !== '') || occurrences(file, search) !== 1) {
    if (start <= floor && end >= ceiling) return null;
    if (start > floor) {
      start -= 1;
      search.unshift(file[start] as string);
      replace.unshift(file[start] as string);
    }
    if (end < ceiling) {
      search.push(file[end] as string);
      replace.push(file[end] as string);
      end += 1;
    }
  }
  return { search, replace, line: start + 1 };
}

/** Only edits of files that stay, whose text has no line that the form itself uses, and no question of last newlines. */
function convertible(draft: Draft): Array<{ section: DraftSection; blocks: Block[] }> | null {
  const sections = editing(draft);
  const same = draft.sections.every(({ change }) => change.oldMode === change.newMode);
  if (sections.length !== draft.sections.length || !same) return null;
  const found = sections.map((section) => ({ section, blocks: blocksOf(draft, section) }));
  const lines = sections.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));
  const reserved = /^[ +-]?(?:<{5,}|={5,}|>{5,}|-{5,}|\*\*\* |```|:start_line:)/;
  if (lines.some((line) => line.startsWith('\\') || reserved.test(line))) return null;
  if (found.some(({ blocks }) => blocks === null || blocks.some(({ replace }) => replace.length === 0))) return null;
  return found as Array<{ section: DraftSection; blocks: Block[] }>;
}

type Write = (path: string, block: Block) => string[];

const blocks =
  (write: Write, wrap: (text: string) => string = (text) => text): Damage =>
  (draft) => {
    const found = convertible(draft);
    if (found === null) return false;
    const lines = found.flatMap(({ section, blocks: own }) =>
      own.flatMap((block) => write(section.change.oldPath, block)),
    );
    draft.text = wrap(`${lines.join('\n')}\n`);
    return true;
  };

const aider = ({ search, replace }: Block) => ['<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE'];
const roo = ({ search, replace, line }: Block, number: boolean) => [
  '<<<<<<< SEARCH',
  ...(number ? [`:start_line:${line}`] : []),
  '-------',
  ...search,
  '=======',
  ...replace,
  '>>>>>>> REPLACE',
];

/** A codex section; its hunks are the draft's own, with the lines that make them stand once. */
function codex(section: DraftSection, own: readonly Block[], mark: (hunk: DraftHunk, at: number) => string): string[] {
  const bodies = section.hunks.map((hunk, at) => {
    const block = own[at] as Block;
    const above = hunk.oldStart - block.line + (sideOf(hunk, 'old').length === 0 ? 1 : 0);
    const below = block.search.length - above - sideOf(hunk, 'old').length;
    return [
      mark(hunk, at),
      ...block.search.slice(0, above).map((line) => ` ${line}`),
      ...hunk.lines,
      ...block.search.slice(block.search.length - below).map((line) => ` ${line}`),
    ];
  });
  return [`*** Update File: ${section.change.oldPath}`, ...bodies.flat()];
}

const patches =
  (mark: (hunk: DraftHunk, at: number) => string, wrap: (text: string) => string = (text) => text): Damage =>
  (draft) => {
    const found = convertible(draft);
    if (found === null) return false;
    const lines = found.flatMap(({ section, blocks: own }) => codex(section, own, mark));
    draft.text = wrap(`*** Begin Patch\n${lines.join('\n')}\n*** End Patch\n`);
    return true;
  };

export const forms: Damages = {
  'aider, path above the fence': blocks((path, block) => [path, '```python', ...aider(block), '```', '']),
  'aider, path inside the fence': blocks((path, block) => ['```', path, ...aider(block), '```', '']),
  'aider, no fence': blocks((path, block) => [path, ...aider(block), '']),
  'aider, path in bold': blocks((path, block) => [`**${path}**`, '', '```', ...aider(block), '```', '']),
  'aider, path in backticks, prose': blocks(
    (path, block) => ['Next:', '', `\`${path}\``, '```ts', ...aider(block), '```', ''],
    (text) => `I changed the following.\n\n${text}\nThat should do.\n`,
  ),
  'aider, path said once': (draft, random) => {
    let last = '';
    return blocks((path, block) => {
      const head = path === last ? [] : [path];
      last = path;
      return [...head, '```', ...aider(block), '```', ''];
    })(draft, random);
  },
  'aider, nine characters': blocks((path, block) => [
    path,
    '<<<<<<<<< SEARCH',
    ...block.search,
    '=========',
    ...block.replace,
    '>>>>>>>>> REPLACE',
    '',
  ]),
  roo: blocks((path, block) => [`<file path="${path}">`, ...roo(block, true), '</file>']),
  'roo, path above': blocks((path, block) => [path, '```diff', ...roo(block, true), '```', '']),
  'roo without a number': blocks((path, block) => [path, ...roo(block, false), '']),
  'blocks with trailing blanks': (draft, random) => {
    return blocks((path, block) => [
      path,
      '```',
      ...aider({ ...block, search: block.search.map((line) => (random.chance(0.2) ? `${line}  ` : line)) }),
      '```',
    ])(draft, random);
  },
  'a new file by an empty SEARCH': (draft) => {
    const { change } = draft.sections[0] as DraftSection;
    const path = `${change.oldPath.replace(/[^/]*$/, '')}made_by_search.txt`;
    draft.after = new Map(draft.before).set(path, { mode: '100644', content: 'first\nsecond\n' });
    draft.text = `${path}\n\`\`\`\n<<<<<<< SEARCH\n=======\nfirst\nsecond\n>>>>>>> REPLACE\n\`\`\`\n`;
    return !draft.before.has(path);
  },
  codex: patches(() => '@@'),
  'codex with the section': patches((hunk) =>
    /^ \s*(?:def|class|function|func|export|async)\b/.test(hunk.section) ? `@@${hunk.section}` : '@@',
  ),
  'codex in a fence': patches(
    () => '@@',
    (text) => `Here you are:\n\n\`\`\`\n${text}\`\`\`\n\nDone.\n`,
  ),
  'codex as a command': patches(
    () => '@@',
    (text) => `apply_patch <<'EOF'\n${text}EOF\n`,
  ),
  'codex with numbers': patches((hunk) => `@@ -${hunk.oldStart},0 +${hunk.newStart},0 @@`),
  'codex adds and deletes files': (draft, random) => {
    const [section] = editing(draft);
    const found = convertible(draft);
    if (section === undefined || found === null) return false;
    const others = [...draft.before.keys()].filter(
      (path) => !draft.sections.some(({ change }) => change.oldPath === path),
    );
    if (others.length === 0) return false;
    const gone = random.pick(others);
    const made = 'made/by_codex.txt';
    const after = new Map(draft.after ?? []);
    after.delete(gone);
    draft.after = after.set(made, { mode: '100644', content: 'one\n\ntwo\n' });
    const edits = found.flatMap(({ section: own, blocks: blocks_ }) => codex(own, blocks_, () => '@@'));
    const added = [`*** Add File: ${made}`, '+one', '+', '+two', `*** Delete File: ${gone}`];
    draft.text = ['*** Begin Patch', ...added, ...edits, '*** End Patch', ''].join('\n');
    return true;
  },
  'codex moves a file': (draft) => {
    const found = convertible(draft);
    if (found === null || !draft.after) return false;
    const { section, blocks: own } = found[0] as { section: DraftSection; blocks: Block[] };
    const { oldPath } = section.change;
    const to = `${oldPath}.moved`;
    const after = new Map(draft.after);
    const file = after.get(oldPath);
    if (!file) return false;
    after.delete(oldPath);
    draft.after = after.set(to, file);
    const [head = '', ...rest] = codex(section, own, () => '@@');
    const others = found.slice(1).flatMap((other) => codex(other.section, other.blocks, () => '@@'));
    draft.text = ['*** Begin Patch', head, `*** Move to: ${to}`, ...rest, ...others, '*** End Patch', ''].join('\n');
    return true;
  },
};
