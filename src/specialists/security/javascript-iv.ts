/** An IV that is always the same. Rule: reported only; what was encrypted with it still has to be read. */
import { bindingsOf, callsOf, SCRIPT, writtenValue } from '../javascript-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';

const ZEROS = /^(Buffer\.alloc\(\s*(12|16)(\s*,\s*0)?\s*\)|new Uint8Array\(\s*(12|16)\s*\)|(['"])0{16}\5)$/;

const zeroIv: RuleImpl = {
  id: 'javascript/zero-iv',
  languages: SCRIPT,
  severity: 'high',
  cwe: 'CWE-329',
  title: 'Give each encryption an IV of its own',
  rationale:
    'With an IV of zeros the same text becomes the same bytes each time, and with GCM or CTR two texts under one key can be computed from each other. `randomBytes` makes an IV that is kept in front of what it encrypted; what was encrypted already has to be carried over, so this is reported only. Reading of old data, and buffers that are filled later, are left alone.',
  fixable: false,
  trigger: /createCipheriv/,
  example: {
    path: 'src/seal.js',
    before:
      "const crypto = require('crypto');\n\nconst seal = crypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16));\n",
  },
  lookAlikes: [
    {
      path: 'src/a.js',
      text: "const crypto = require('crypto');\n\nconst open = crypto.createDecipheriv('aes-256-cbc', key, Buffer.alloc(16));\n",
    },
    {
      path: 'src/b.js',
      text: "const crypto = require('crypto');\n\nconst iv = Buffer.alloc(16);\ncrypto.randomFillSync(iv);\nconst seal = crypto.createCipheriv('aes-256-cbc', key, iv);\n",
    },
    {
      path: 'src/c.js',
      text: "const crypto = require('crypto');\n\nconst seal = crypto.createCipheriv('aes-256-cbc', key, crypto.randomBytes(16));\n",
    },
    { path: 'src/d.js', text: "codec.createCipheriv('aes-256-cbc', key, Buffer.alloc(16));\n" },
    {
      path: 'src/e.js',
      text: "const crypto = require('crypto');\n\nfunction wrap() {\n  const iv = Buffer.alloc(12);\n  iv.writeUInt32BE(counter);\n  return crypto.createCipheriv('aes-256-gcm', key, iv);\n}\n",
    },
  ],
  async find(_file, context) {
    const root = await context.tree();
    return callsOf(root, bindingsOf(root)).flatMap((call): Match[] => {
      const iv = call.args[2];
      if (call.imported !== 'crypto.createCipheriv' || !iv || !isZero(root, iv)) return [];
      return [{ ...span(call.node), message: 'The IV is the same for everything that is encrypted.' }];
    });
  },
};

/** Zeros where they stand, or by a name that is handed to ciphers and to nothing else. */
function isZero(root: Node, iv: Node): boolean {
  if (!ZEROS.test(writtenValue(iv).text())) return false;
  if (!iv.is('identifier')) return true;
  const uses = nodesOf(root, 'identifier').filter((one) => one.text() === iv.text());
  return uses.every((one) => {
    const holder = one.parent();
    if (holder?.is('variable_declarator')) return holder.field('name')?.id() === one.id();
    return holder?.is('arguments') && /create(Dec|C)ipheriv$/.test(holder.parent()?.field('function')?.text() ?? '');
  });
}

export const ivRules: readonly RuleImpl[] = [zeroIv];
