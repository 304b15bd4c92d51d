/**
 * Class p: patches that reach for what they must not touch. Rule: every one must be refused, alone and behind a section
 * that is fine, and nothing may have changed, inside or outside.
 */
import { type Damage, type Damages, editing, printSection } from './model.ts';
import type { Random } from './random.ts';

/** UTF-8 as the Latin-1 text that a draft holds. */
const bytes = (text: string) => Buffer.from(text).toString('latin1');

const creation = (path: string, mode = '100644', lines = ['owned']) =>
  [
    `diff --git a/${path} b/${path}`,
    `new file mode ${mode}`,
    'index 0000000..83db48f',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');

/** `make` gives the hostile text; half of the patches open with the draft's own, valid sections. */
function hostile(make: (random: Random) => string | null): Damage {
  return (draft, random) => {
    const text = make(random);
    if (text === null) return false;
    draft.text = `${random.chance(0.5) ? draft.sections.map(printSection).join('') : ''}${text}`;
    draft.after = null;
    return true;
  };
}

const writes = (...paths: string[]) => hostile((random) => creation(bytes(random.pick(paths))));
const quoted = (name: string) =>
  hostile(() =>
    creation('x')
      .replaceAll(/[ab]\/x$/gm, name)
      .replace(/^diff .*$/m, `diff --git ${name} ${name}`),
  );

/** Puts something into the tree that a section then goes through. */
function withEntry(path: string, mode: string, content: string, text: string): Damage {
  return (draft, random) => {
    draft.before.set(path, { mode, content });
    return hostile(() => text)(draft, random);
  };
}

/** Takes an edited file of the draft for the section that `make` writes. */
const withFile =
  (make: (path: string, random: Random) => string): Damage =>
  (draft, random) => {
    const able = editing(draft);
    if (able.length === 0) return false;
    const { oldPath } = random.pick(able).change;
    return hostile(() => make(oldPath, random))(draft, random);
  };

const search = (path: string) => `${path}\n\`\`\`\n<<<<<<< SEARCH\n=======\nowned\n>>>>>>> REPLACE\n\`\`\`\n`;
const begin = (action: string) => `*** Begin Patch\n${action}\n*** End Patch\n`;

export const attacks: Damages = {
  'up and out': writes('../outside/evil', 'a/../../outside/evil', '../../outside/evil', '..', 'src/../../outside/evil'),
  absolute: hostile((random) => {
    const path = random.pick(['/tmp/evil-of-a-patch', '/etc/evil-of-a-patch']);
    return creation('x')
      .replaceAll(/[ab]\/x$/gm, path)
      .replace(/^diff .*$/m, `diff --git ${path} ${path}`);
  }),
  'into .git': writes('.git/hooks/post-commit', '.git/config', '.git/HEAD', 'sub/.git/config', '.git'),
  'into .git by case': writes('.GIT/config', '.Git/hooks/post-commit', '.giT/HEAD'),
  'into .git by trailing characters': writes(
    '.git./config',
    '.git /config',
    '.git. . /config',
    '.git::$INDEX_ALLOCATION/config',
  ),
  'into .git by short name': writes('git~1/config', 'GIT~1/hooks/post-commit', 'git~2/config'),
  'into .git by invisible characters': writes(
    '.g\u200cit/config',
    '.\u200dgit/config',
    '.gi\ufefft/config',
    '.git\u2060/config',
  ),
  'into .git by wide characters': writes('\uff0egit/config', '.\uff47\uff49\uff54/config'),
  backslashes: writes('..\\..\\outside\\evil', 'a\\..\\..\\evil', '.git\\config'),
  drive: writes('C:/evil', 'c:evil'),
  'a link is made': hostile(() => creation('link', '120000', ['../outside'])),
  'a link is made, then written through': hostile(
    () => creation('link', '120000', ['../outside']) + creation('link/evil'),
  ),
  'a link stands there': withEntry('linked', '120000', '../outside', creation('linked/evil')),
  'a link to a file stands there': withEntry(
    'linked.txt',
    '120000',
    '../outside/canary',
    '--- a/linked.txt\n+++ b/linked.txt\n@@ -1 +1 @@\n-canary\n+owned\n',
  ),
  'a link to .git stands there': withEntry('linked', '120000', '.git', creation('linked/hooks/post-commit')),
  gitlink: hostile(
    () =>
      'diff --git a/sub b/sub\nnew file mode 160000\nindex 0000000..1234567\n--- /dev/null\n+++ b/sub\n@@ -0,0 +1 @@\n+Subproject commit 0123456789abcdef0123456789abcdef01234567\n',
  ),
  'odd mode': hostile((random) => creation('odd', random.pick(['100666', '104755', '100000', '040000', '177777']))),
  'NUL in a name': quoted('"b/ev\\000il"'),
  'newline in a name': quoted('"b/ev\\nil"'),
  'raw NUL in a name': hostile(() => creation('ev\0il')),
  'octal .git in quotes': quoted('"b/.\\147it/config"'),
  binary: hostile(
    () =>
      'diff --git a/x.bin b/x.bin\nnew file mode 100644\nindex 0000000..83db48f\nGIT binary patch\nliteral 3\nKcmZQzU|?Vn00aO4\n\nliteral 0\nHcmV?d00001\n\n',
  ),
  'binary files differ': withFile(
    (path) =>
      `diff --git a/${path} b/${path}\nindex 83db48f..f735c60 100644\nBinary files a/${path} and b/${path} differ\n`,
  ),
  'names disagree': withFile(
    (path) => `diff --git a/README.md b/README.md\n--- a/${path}\n+++ b/${path}-other\n@@ -0,0 +1 @@\n+owned\n`,
  ),
  'the innocent name first': hostile(
    () => 'diff --git a/README.md b/README.md\n--- a/README.md\n+++ b/.git/hooks/post-commit\n@@ -0,0 +1 @@\n+owned\n',
  ),
  'creation over a file': withFile((path) => creation(path)),
  'rename over a file': (draft, random) => {
    const paths = [...draft.before.keys()];
    if (paths.length < 2) return false;
    const [from, to] = random.shuffle(paths) as [string, string];
    const text = `diff --git a/${from} b/${to}\nsimilarity index 100%\nrename from ${from}\nrename to ${to}\n`;
    return hostile(() => text)(draft, random);
  },
  'rename out of the tree': withFile(
    (path) =>
      `diff --git a/${path} b/../outside/${path}\nsimilarity index 100%\nrename from ${path}\nrename to ../outside/x\n`,
  ),
  'rename into .git': withFile(
    (path) =>
      `diff --git a/${path} b/.git/hooks/x\nsimilarity index 100%\nrename from ${path}\nrename to .git/hooks/x\n`,
  ),
  copy: withFile((path) => `diff --git a/${path} b/copied\nsimilarity index 100%\ncopy from ${path}\ncopy to copied\n`),
  'mode to a link': withFile((path) => `diff --git a/${path} b/${path}\nold mode 100644\nnew mode 120000\n`),
  'a file below a file': withFile((path) => creation(`${path}/below`)),
  'SEARCH/REPLACE outside': hostile((random) =>
    search(random.pick(['../outside/evil', '.git/config2', '/tmp/evil-of-a-patch'])),
  ),
  'Begin Patch outside': hostile((random) =>
    begin(
      `*** Add File: ${random.pick(['../outside/evil', '.git/hooks/x', '/tmp/evil-of-a-patch', '.GIT/x'])}\n+owned`,
    ),
  ),
  'Begin Patch moves outside': withFile((path) =>
    begin(`*** Update File: ${path}\n*** Move to: ../outside/evil\n@@\n+owned`),
  ),
};
