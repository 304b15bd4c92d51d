/**
 * Documents, archives and queries that reach further than their data. Rule: an edit only where the safe way reads the same
 * documents.
 */
import { originOf } from '../python-flow.ts';
import { type Call, plainString, readPython } from '../python-source.ts';
import type { Match, RuleImpl, TextEdit } from '../rule.ts';
import { nodesOf, span } from '../structural.ts';
import { valuesPutIn } from './python-html.ts';
import { functionText, isAsked } from './python-request.ts';

const entities: RuleImpl = {
  id: 'python/xml-entities',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-611',
  title: 'Do not resolve entities of XML documents',
  rationale:
    'With `resolve_entities=True` lxml replaces the entities of a document, and an entity may name a file of the server: whoever wrote the document reads it. The value becomes `False`, which documents without entities of their own do not notice; a parser that loads a DTD over the network reads it from the machine alone and resolves nothing, and the external entities of SAX are switched off. Parsers with the defaults, and other libraries, are left alone.',
  fixable: true,
  aliases: ['S320', 'B320'],
  trigger: /resolve_entities|load_dtd|no_network|feature_external/,
  example: {
    path: 'app/feed.py',
    before: 'from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=True)\n',
    after: 'from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=False)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=False, no_network=True)\n',
    },
    { path: 'app/b.py', text: 'from lxml import etree\n\nparser = etree.XMLParser(resolve_entities=trusted)\n' },
    { path: 'app/c.py', text: 'from .xml import XMLParser\n\nparser = XMLParser(resolve_entities=True)\n' },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const name = call.name ?? '';
      if (/^lxml\.etree\.(XMLParser|ETCompatXMLParser|iterparse)$/.test(name)) {
        const value = call.keywords.get('resolve_entities');
        const message = 'Entities of the document may name files of the server.';
        if (value?.is('true')) return [{ ...span(call.node), message, edits: [{ ...span(value), text: 'False' }] }];
        const loads = call.keywords.get('load_dtd')?.is('true') && call.keywords.get('no_network')?.is('false');
        return loads ? [{ ...span(call.node), message, edits: withoutNetwork(call) }] : [];
      }
      const external =
        call.callee.field('attribute')?.text() === 'setFeature' &&
        /feature_external_(ges|pes)$/.test(call.positional[0]?.text() ?? '');
      const [, value] = call.positional;
      if (!external || !value || !/^(True|1)$/.test(value.text())) return [];
      const message = 'Entities of the document may name files of the server.';
      return [{ ...span(call.node), message, edits: [{ ...span(value), text: 'False' }] }];
    });
  },
};

/** The parser of lxml with its network off and its entities as they are written. */
function withoutNetwork(call: Call): TextEdit[] {
  const value = call.keywords.get('no_network');
  if (!value || call.splat || call.keywords.has('resolve_entities')) return [];
  return [{ ...span(value), text: 'True, resolve_entities=False' }];
}

const archive: RuleImpl = {
  id: 'python/archive-leaves-its-folder',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-22',
  title: 'Keep extracted files inside their folder',
  rationale:
    'A tar archive may name files above its folder, absolute paths, links and devices, and `extractall` makes them. `filter="data"` refuses these and extracts everything else as before; every release of Python since June 2023 knows it, 3.8 included; where the repository supports older ones, or does not say which, this is reported only. Calls with a filter or with members that somebody chose, and archives that the program itself has just written, are left alone.',
  fixable: true,
  aliases: ['S202', 'B202'],
  conventions: { python: [3, 9] },
  trigger: /\btarfile\b/,
  example: {
    path: 'app/unpack.py',
    before:
      'import tarfile\n\n\ndef unpack(path, target):\n    with tarfile.open(path) as archive:\n        archive.extractall(target)\n',
    after:
      'import tarfile\n\n\ndef unpack(path, target):\n    with tarfile.open(path) as archive:\n        archive.extractall(target, filter="data")\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import tarfile\n\nwith tarfile.open(path) as archive:\n    archive.extractall(target, filter="data")\n',
    },
    {
      path: 'app/b.py',
      text: 'import tarfile\n\nwith tarfile.open(path) as archive:\n    archive.extractall(target, members=checked(archive))\n',
    },
    {
      path: 'app/c.py',
      text: 'import zipfile  # no tarfile\n\nwith zipfile.ZipFile(path) as archive:\n    archive.extractall(target)\n',
    },
    { path: 'app/d.py', text: 'import tarfile\n\ntarfile.open(path)\nbundle.extractall(target)\n' },
  ],
  async find(file, context) {
    const { calls } = await readPython(context);
    const python = context.options.conventions.python;
    const known = python !== null && (python[0] > 3 || (python[0] === 3 && python[1] >= 8));
    if (/is_within_directory|safe_extract|commonpath|commonprefix/.test(file.text)) return [];
    return calls.flatMap((call): Match[] => {
      const object = call.callee.field('object');
      const opened = object?.is('call') ? object.text() : ((object && originOf(object)?.value.text()) ?? '');
      if (call.callee.field('attribute')?.text() !== 'extractall' || !/^tarfile\.(open|TarFile)\b/.test(opened))
        return [];
      if (/is_relative_to/.test(functionText(call.node))) return [];
      if (call.keywords.has('filter') || call.keywords.has('members') || call.positional.length > 1 || call.splat)
        return [];
      const list = call.node.field('arguments');
      const at = list ? span(list).end - 1 : 0;
      const text = call.positional.length + call.keywords.size > 0 ? ', filter="data"' : 'filter="data"';
      const edits: TextEdit[] = known && !/,\s*\)$/.test(list?.text() ?? '') ? [{ start: at, end: at, text }] : [];
      return [{ ...span(call.node), message: 'The archive may write outside of its folder.', edits }];
    });
  },
};

const directory: RuleImpl = {
  id: 'python/ldap-filter-from-values',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-90',
  title: 'Escape values in LDAP filters',
  rationale:
    'A value with `*` or a parenthesis changes the filter it stands in: a search for one person finds everybody. `escape_filter_chars` makes the value a value; it is written where the file imports it from ldap already, and the value is a plain name in an f-string. Elsewhere this is reported only. Values that are escaped, and constant filters, are left alone.',
  fixable: true,
  trigger: /\bldap3?\b/,
  example: {
    path: 'app/people.py',
    before:
      'import ldap\nfrom ldap.filter import escape_filter_chars\n\n\ndef find(directory, uid):\n    return directory.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={uid})")\n',
    after:
      'import ldap\nfrom ldap.filter import escape_filter_chars\n\n\ndef find(directory, uid):\n    return directory.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={escape_filter_chars(uid)})")\n',
  },
  lookAlikes: [
    { path: 'app/a.py', text: 'import ldap\n\ndirectory.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=person)")\n' },
    { path: 'app/b.py', text: 'import ldap\n\ndirectory.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={escape(uid)})")\n' },
    { path: 'app/c.py', text: 'import shop  # no ldap\n\nshop.search_s(f"(uid={uid})")\n' },
    {
      path: 'app/d.py',
      text: 'import ldap\n\ndirectory.search_s(BASE, ldap.SCOPE_SUBTREE, f"(objectClass={PERSON})")\n',
    },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    if (![...imports.values()].some((name) => /^ldap3?\b/.test(name))) return [];
    const escaper = [...imports].find(([, name]) => /^ldap3?\..*escape_filter_chars$/.test(name))?.[0];
    return calls.flatMap((call): Match[] => {
      if (!/^search(_s|_st|_ext|_ext_s)?$/.test(call.callee.field('attribute')?.text() ?? '')) return [];
      const given = [...call.positional, ...call.keywords.values()].map((one) =>
        one.is('identifier') ? (originOf(one)?.value ?? one) : one,
      );
      return given.flatMap((filter): Match[] => {
        const values = /\(\s*[|&!(\w]/.test(filter.text()) ? (valuesPutIn(filter) ?? []) : [];
        const open = values.filter((value) => !/escape|^[A-Z_]+$|\bint\(/.test(value.text()));
        if (open.length === 0 || !/\(\w+=/.test(filter.text())) return [];
        const plain = filter.is('string') && open.every((value) => value.is('identifier'));
        const edits =
          escaper && plain ? open.map((value) => ({ ...span(value), text: `${escaper}(${value.text()})` })) : [];
        return [{ ...span(filter), message: 'A value can change the LDAP filter it stands in.', edits }];
      });
    });
  },
};

const QUERIES =
  /^(find|find_one|find_one_and_\w+|update_one|update_many|delete_one|delete_many|count_documents|replace_one)$/;

const operators: RuleImpl = {
  id: 'python/operators-from-request',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-943',
  title: 'Take request values in filters as values',
  rationale:
    'A value of a JSON body may be an object such as `{"$gt": ""}`, which MongoDB takes for an operator: a filter by name and password then matches anybody. `$eq` compares with the value as it is, whatever it is, and matches the same records for texts and numbers. `$where` runs text as code and is reported only. Values of query strings and forms, which are always text, and values that are converted are left alone.',
  fixable: true,
  trigger: /\b(pymongo|motor|mongoengine|beanie|mongo)\b[\s\S]*\brequest\b|\bdb\.\w+\.find|\$where/i,
  example: {
    path: 'app/users.py',
    before:
      'from flask import request\nfrom pymongo import MongoClient\n\n\ndef login():\n    return users.find_one({"name": request.json["name"]})\n',
    after:
      'from flask import request\nfrom pymongo import MongoClient\n\n\ndef login():\n    return users.find_one({"name": {"$eq": request.json["name"]}})\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import request\nimport pymongo\n\n\ndef f(users):\n    return users.find_one({"name": str(request.json["name"])})\n',
    },
    {
      path: 'app/b.py',
      text: 'from flask import request\nimport pymongo\n\n\ndef f(users):\n    return users.find_one({"name": request.form["name"]})\n',
    },
    { path: 'app/c.py', text: 'import pymongo\n\n\ndef f(users, name):\n    return users.find_one({"name": name})\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const filter = QUERIES.test(call.callee.field('attribute')?.text() ?? '') ? call.positional[0] : null;
      if (!filter?.is('dictionary')) return [];
      return nodesOf(filter, 'pair').flatMap((pair): Match[] => {
        const [key, value] = [plainString(pair.field('key')), pair.field('value')];
        if (key === '$where' && value && valuesPutIn(value)?.length)
          return [{ ...span(pair), message: 'Text that is put together runs as code in the database.' }];
        const json = value && /request\.(json|get_json|data|body)\b/.test(originText(value));
        if (!value || !key || key.startsWith('$') || !json || !isAsked(value, imports)) return [];
        return [
          {
            ...span(pair),
            message: 'The request may bring operators instead of a value.',
            edits: [{ ...span(value), text: `{"$eq": ${value.text()}}` }],
          },
        ];
      });
    });
  },
};

function originText(value: Call['node']): string {
  const origin = value.is('identifier') ? originOf(value)?.value : null;
  return `${value.text()}\n${origin?.text() ?? ''}`;
}

export const documentRules: readonly RuleImpl[] = [entities, archive, directory, operators];
