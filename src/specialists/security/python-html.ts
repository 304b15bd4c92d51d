/**
 * Values that become HTML or a template. Rule: report only, and only a text that is put together here from values that
 * nothing escapes; a plain name says too little about where its text comes from.
 */
import { isFixed, originOf, textWithOrigins } from '../python-flow.ts';
import { type Call, type Imports, plainString, readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl, TextEdit } from '../rule.ts';
import { enclosing, nodesOf, span, wholeText } from '../structural.ts';
import { moduleAtTop } from './python-environment.ts';
import { imported } from './python-imports.ts';
import { readQuery } from './python-query.ts';
import { isAsked as isRequested, REQUEST } from './python-request.ts';

/** The value went through something that escapes it, is HTML already, or is a number. */
const TREATED =
  /escape|saniti[sz]e|\bclean\(|bleach|Markup|mark_safe|format_html|render|json\.dumps|json_script|urlencode|quote\(|\burl_for\(|\breverse\(|static\(|\bint\(|\blen\(|\bid\b|\.pk$|_html?$|^html|gettext|\b_\(|\bslug|widget|errors?\b|attrs/i;

/** The values that are put into a text, or null when the expression is no such text. */
export function valuesPutIn(node: Node): Node[] | null {
  if (node.is('parenthesized_expression')) return valuesPutIn(node.namedChildren()[0] ?? node);
  if (node.is('string') || node.is('concatenated_string'))
    return nodesOf(node, 'interpolation').flatMap((part) => part.field('expression') ?? []);
  if (node.is('call')) {
    const callee = node.field('function');
    const format =
      callee?.field('attribute')?.text() === 'format' && /string/.test(String(callee.field('object')?.kind()));
    return format ? (node.field('arguments')?.namedChildren() ?? []).map((one) => one.field('value') ?? one) : null;
  }
  if (!node.is('binary_operator')) return null;
  const [left, right] = [node.field('left'), node.field('right')];
  if (node.field('operator')?.text() === '%' && left && right && valuesPutIn(left))
    return right.is('tuple') || right.is('dictionary')
      ? right.namedChildren().map((one) => one.field('value') ?? one)
      : [right];
  const sides = [left, right].map((side) => (side ? valuesPutIn(side) : null));
  if (node.field('operator')?.text() !== '+' || sides.every((side) => side === null)) return null;
  return sides.flatMap((side, at) => side ?? [[left, right][at] ?? node]);
}

function isDangerous(value: Node): boolean {
  return !isFixed(value) && !TREATED.test(textWithOrigins(value));
}

const MARKERS =
  /^(markupsafe\.Markup|flask\.Markup|jinja2\.Markup|jinja2\.utils\.markupsafe\.Markup|django\.utils\.(safestring|html)\.(mark_safe|SafeString|SafeText))$/;

const markup: RuleImpl = {
  id: 'python/unescaped-markup',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-79',
  title: 'Do not mark built text as safe HTML',
  rationale:
    '`Markup` and `mark_safe` tell the template to show a text as it is. A text that is put together from values brings their markup along, so a value with a script becomes a script. `format_html` of Django and `Markup("…{}").format(value)` escape the values and not the text; it is written where the file imports it already; elsewhere, and for Markup, this is reported only, since whether a value is HTML on purpose only a person can tell. Literal texts, values that something escapes or renders, numbers, and names that say nothing about their text are left alone.',
  fixable: true,
  aliases: ['S308', 'S704', 'B308', 'B703', 'B704'],
  trigger: /\b(Markup|mark_safe|SafeString|SafeText)\b/,
  example: {
    path: 'app/tags.py',
    before:
      'from django.utils.html import format_html\nfrom django.utils.safestring import mark_safe\n\n\ndef badge(user):\n    return mark_safe(f"<b>{user.name}</b>")\n',
    after:
      'from django.utils.html import format_html\nfrom django.utils.safestring import mark_safe\n\n\ndef badge(user):\n    return format_html("<b>{}</b>", user.name)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from markupsafe import Markup\n\nline = Markup("<br>")\nbadge = Markup("<b>{}</b>").format(name)\n',
    },
    { path: 'app/b.py', text: 'from markupsafe import Markup, escape\n\nbadge = Markup(f"<b>{escape(name)}</b>")\n' },
    {
      path: 'app/c.py',
      text: 'from django.utils.safestring import mark_safe\n\n\ndef show(html):\n    return mark_safe(html)\n',
    },
    {
      path: 'app/d.py',
      text: 'from django.utils.safestring import mark_safe\n\nrow = mark_safe("<td>%d</td>" % len(rows))\n',
    },
    {
      path: 'app/f.py',
      text: 'from django.utils.safestring import mark_safe\n\n\ndef show(rows):\n    old = (rows.old.distinct()\n           .count())\n    total = old + rows.new.count()\n    return mark_safe(f"<i>{old}</i> of {total}")\n',
    },
    { path: 'app/e.py', text: 'from .text import Markup\n\nbadge = Markup(f"<b>{name}</b>")\n' },
  ],
  async find(_file, context) {
    const { imports, calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      const given = call.positional[0];
      if (!given || !MARKERS.test(call.name ?? '')) return [];
      const text = given.is('identifier') ? (originOf(given)?.value ?? given) : given;
      const asked = REQUEST.test(given.text()) && !TREATED.test(given.text());
      if (!asked && !(valuesPutIn(text) ?? []).some(isDangerous)) return [];
      const edits = text === given ? formatted(imports, call, given) : [];
      return [{ ...span(call.node), message: 'Values become HTML without being escaped.', edits }];
    });
  },
};

/** `format_html("<b>{}</b>", value)`, where the file uses it already. */
function formatted(imports: Imports, call: Call, text: Node): TextEdit[] {
  const format = [...imports].find(([, name]) => name === 'django.utils.html.format_html')?.[0];
  const query = format && /mark_safe$/.test(call.name ?? '') ? readQuery(text) : null;
  if (!query?.certain || query.texts.some((part) => /[{}\\]/.test(part)) || text.text().includes('\n')) return [];
  if (!/^[^<]*</.test(query.texts[0] ?? '')) return [];
  const values = query.values.map((value) => value.text()).join(', ');
  return [{ ...span(call.node), text: `${format}(${query.quote}${query.texts.join('{}')}${query.quote}, ${values})` }];
}

const reflected: RuleImpl = {
  id: 'python/reflected-input',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-79',
  title: 'Escape request values in HTML answers',
  rationale:
    'A value of the request that is sent back inside HTML runs as script in the browser of whoever follows a prepared link. The escape of the framework shows it as text; it is put around values that stand between tags in an f-string (with Django in a sum too). In attributes and scripts another escape is right, so there it is reported only. Answers without tags, as JSON, and values that something escapes or turns into a number are left alone.',
  fixable: true,
  trigger: /\brequest\b[\s\S]*<|<[\s\S]*\brequest\b|HTMLResponse|get_argument/,
  example: {
    path: 'app/views.py',
    before:
      'from flask import request\n\n\ndef hello():\n    name = request.args.get("name")\n    return f"<h1>Hello {name}</h1>"\n',
    after:
      'from flask import request\nfrom markupsafe import escape\n\n\ndef hello():\n    name = request.args.get("name")\n    return f"<h1>Hello {escape(name)}</h1>"\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import request\n\n\ndef hello():\n    return f"Hello {request.args[\'name\']}"\n',
    },
    {
      path: 'app/b.py',
      text: 'from flask import request\nfrom markupsafe import escape\n\n\ndef hello():\n    return f"<h1>{escape(request.args[\'name\'])}</h1>"\n',
    },
    {
      path: 'app/c.py',
      text: 'from flask import request\n\n\ndef hello():\n    page = int(request.args["page"])\n    return f"<h1>{page}</h1>"\n',
    },
    { path: 'app/d.py', text: 'from flask import request\n\n\ndef show():\n    return f"<Request {request.url}>"\n' },
  ],
  async find(_file, context) {
    const { root, imports, calls } = await readPython(context);
    const answers = calls.filter(
      (call) =>
        /^(flask\.make_response|flask\.Response|django\.http\.(response\.)?HttpResponse|(fastapi|starlette)\.responses\.HTMLResponse|quart\.Response|sanic\.response\.html|sanic\.html)$/.test(
          call.name ?? '',
        ) ||
        (call.name === 'aiohttp.web.Response' && plainString(call.keywords.get('content_type')) === 'text/html') ||
        (call.callee.text() === 'self.write' && /\btornado\b/.test(wholeText(root))),
    );
    const given = [
      ...nodesOf(root, 'return_statement').flatMap((node) => node.namedChildren()[0] ?? []),
      ...answers.flatMap(
        (call) => call.positional[0] ?? call.keywords.get('text') ?? call.keywords.get('content') ?? [],
      ),
    ];
    return given.flatMap((text): Match[] => {
      if (!/<(h\d|[a-z]+)(>|\s+[a-z-]+=|\s*\/>)/.test(text.text()) && !/<[HPBA]\d?>/.test(text.text())) return [];
      const values = valuesPutIn(text) ?? [];
      const asked = values.filter((value) => isAsked(value, imports) && !TREATED.test(textWithOrigins(value)));
      if (asked.length === 0) return [];
      const edits = escaped(root, imports, text, asked);
      return [{ ...span(text), message: 'A value of the request is sent back as HTML.', edits }];
    });
  },
};

/** Is the value, or what its name was last given, taken from the request? */
function isAsked(value: Node, imports: Imports): boolean {
  return REQUEST.test(value.text()) || REQUEST.test(originOf(value)?.value.text() ?? '') || isRequested(value, imports);
}

/** The escape of the framework around each value, where all of them stand between tags. */
function escaped(root: Node, imports: Imports, text: Node, values: readonly Node[]): TextEdit[] {
  const modules = [...imports.values()];
  const uses = (pattern: RegExp) => modules.some((module) => pattern.test(module));
  const literal = text.is('string') || text.is('call') || text.field('operator')?.text() === '%';
  const escaper = uses(/^flask\b/)
    ? literal && imported(root, imports, 'markupsafe', 'escape', /^from (flask|markupsafe) import/)
    : uses(/^django\b/)
      ? imported(root, imports, 'django.utils.html', 'escape', /^from django\.(http|shortcuts|utils\.\w+) import/)
      : uses(/^(fastapi|starlette|aiohttp|tornado|sanic)\b/) && htmlModule(root, imports, text);
  if (!escaper || values.some((value) => !standsInText(text, value))) return [];
  const call = escaper.local === 'html' ? 'html.escape' : escaper.local;
  const given = (value: Node) =>
    call === 'html.escape' && !isSurelyText(value, imports) ? `str(${value.text()})` : value.text();
  return [...escaper.edits, ...values.map((value) => ({ ...span(value), text: `${call}(${given(value)})` }))];
}

/** The module of the standard library, whose escape takes texts alone. */
function htmlModule(root: Node, imports: Imports, use: Node): { local: string; edits: TextEdit[] } | null {
  const edits = moduleAtTop(root, imports, use, 'html');
  return edits && { local: 'html', edits };
}

/** A parameter of a handler, a field that is read by its name, or one with a text for its default. */
function isSurelyText(value: Node, imports: Imports): boolean {
  const origin = originOf(value)?.value;
  const text = (origin ?? value).text();
  if (/\.path_params\[|\.(get|get_argument)\(["'][\w-]+["'], *["']/.test(text)) return true;
  return !origin && isRequested(value, imports) && value.is('identifier');
}

/** Between tags, where an escaped value is only text: not in an attribute, a script or a style. */
function standsInText(text: Node, value: Node): boolean {
  const before = textBefore(text, value);
  if (before === null) return false;
  const tag = before.lastIndexOf('<') > before.lastIndexOf('>');
  const part = value.parent();
  const plain = !part?.is('interpolation') || (part.namedChildren().length === 1 && !part.text().includes('=}'));
  return (
    !tag &&
    plain &&
    !/<(script|style|textarea|title|noscript|iframe|xmp)\b/i.test(before) &&
    !/["']\s*$/.test(before.replace(/["']\s*\+\s*$/, ''))
  );
}

/** What stands before the value in the text that is made; null where that cannot be told. */
function textBefore(text: Node, value: Node): string | null {
  if (!text.is('call') && text.field('operator')?.text() !== '%')
    return text.text().slice(0, span(value).start - span(text).start);
  const query = readQuery(text);
  const at = query?.certain ? query.values.findIndex((one) => one.id() === value.id()) : -1;
  return at < 0 ? null : (query?.texts.slice(0, at + 1).join('x') ?? null);
}

const template: RuleImpl = {
  id: 'python/template-from-values',
  languages: ['python'],
  severity: 'high',
  cwe: 'CWE-1336',
  title: 'Give values to templates, not into their text',
  rationale:
    'A template that is put together from values is a program that is put together from values: `{{ … }}` inside a value reaches every object of the process. The values belong into the arguments of the template, which escapes them. Where Flask is given a sum or an f-string of plain values, each becomes an argument with a place in the template; elsewhere this is reported only. Constant templates, and templates read from files, are left alone.',
  fixable: true,
  trigger: /\b(render_template_string|from_string|Template)\b/,
  example: {
    path: 'app/views.py',
    before:
      'from flask import render_template_string\n\n\ndef hello(name):\n    return render_template_string(f"<h1>Hello {name}</h1>")\n',
    after:
      'from flask import render_template_string\n\n\ndef hello(name):\n    return render_template_string("<h1>Hello {{ name }}</h1>", name=name)\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'from flask import render_template_string\n\npage = render_template_string("<h1>{{ name }}</h1>", name=name)\n',
    },
    { path: 'app/b.py', text: 'from flask import render_template_string\n\npage = render_template_string(TEMPLATE)\n' },
    { path: 'app/c.py', text: 'from string import Template\n\nline = Template("$name " + tail)\n' },
    { path: 'app/d.py', text: 'from flask import render_template\n\npage = render_template(f"{kind}.html")\n' },
    {
      path: 'app/e.py',
      text: 'from django.template import Template\n\n\ndef show(answer):\n    return Template("%d %s" % (answer.code, answer.reason))\n',
    },
  ],
  async find(_file, context) {
    const { calls } = await readPython(context);
    return calls.flatMap((call): Match[] => {
      if (
        !/^(flask\.render_template_string|jinja2\.(environment\.)?Template|django\.template\.Template|mako\.template\.Template)$/.test(
          call.name ?? '',
        )
      )
        return [];
      const given = call.positional[0];
      const text = given?.is('identifier') ? originOf(given)?.value : given;
      const inFunction = enclosing(call.node, ['function_definition']) !== null;
      if (!given || !text || !inFunction || !/<|\{\{/.test(text.text())) return [];
      if (!REQUEST.test(text.text()) && !(valuesPutIn(text) ?? []).some((value) => !isFixed(value))) return [];
      const edits = text === given && call.name === 'flask.render_template_string' ? asArguments(call, given) : [];
      return [{ ...span(call.node), message: 'Values become part of the template and may run code.', edits }];
    });
  },
};

/** `"<h1>{{ name }}</h1>", name=…` instead of a text with the values in it. */
function asArguments(call: Call, text: Node): TextEdit[] {
  const query = readQuery(text);
  if (!query?.certain || call.splat || call.positional.length !== 1 || text.text().includes('\n')) return [];
  if (query.texts.some((part) => /\{[{%#]|\}\}|\\/.test(part))) return [];
  const names = query.values.map(
    (value) =>
      /^\w+$/.exec(value.text())?.[0] ??
      /\.(\w+)$/.exec(value.text())?.[1] ??
      /["'](\w+)["']/.exec(value.text())?.[1] ??
      '',
  );
  if (names.some((name) => !/^[a-z_]\w*$/i.test(name) || call.keywords.has(name)) || new Set(names).size < names.length)
    return [];
  const body = query.texts.map((part, at) => (at === 0 ? part : `{{ ${names[at - 1]} }}${part}`)).join('');
  const given = names.map((name, at) => `${name}=${query.values[at]?.text()}`).join(', ');
  return [{ ...span(text), text: `${query.quote}${body}${query.quote}, ${given}` }];
}

export const htmlRules: readonly RuleImpl[] = [markup, reflected, template];
