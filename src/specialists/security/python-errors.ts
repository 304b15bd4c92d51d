/** What errors tell those who cause them. Rule: only answers, and only where nothing in the function asks for debugging. */
import { readPython } from '../python-source.ts';
import type { Match, Node, RuleImpl } from '../rule.ts';
import { enclosing, nodesOf, span } from '../structural.ts';
import { functionText } from './python-request.ts';

const ANSWERS =
  /^(flask\.(jsonify|make_response|Response)|django\.http\.(response\.)?(HttpResponse\w*|JsonResponse)|(fastapi|starlette)\.responses\.\w*Response|fastapi\.HTTPException|rest_framework\.response\.Response|aiohttp\.web\.(json_response|Response))$/;

export const errorDetail: RuleImpl = {
  id: 'python/traceback-in-answer',
  languages: ['python'],
  severity: 'medium',
  cwe: 'CWE-209',
  title: 'Keep tracebacks out of answers',
  rationale:
    'A traceback names files, versions and queries, which is what an attacker looks for first. It belongs in the log; the answer needs a status and perhaps a number to find the entry by. The words of the status 500 take its place, and that of `str(error)` where any error at all is answered with that status, and something logs it. Logging, printing, and answers under a condition such as a debug setting are left alone.',
  fixable: true,
  trigger: /traceback\.format_exc|\b(str|repr)\(\w+\)/,
  example: {
    path: 'app/errors.py',
    before:
      'import traceback\n\nfrom flask import jsonify\n\n\ndef failed(error):\n    log.error(traceback.format_exc())\n    return jsonify(error=traceback.format_exc()), 500\n',
    after:
      'import traceback\n\nfrom flask import jsonify\n\n\ndef failed(error):\n    log.error(traceback.format_exc())\n    return jsonify(error="Internal Server Error"), 500\n',
  },
  lookAlikes: [
    {
      path: 'app/a.py',
      text: 'import traceback\n\n\ndef failed(error):\n    log.error(traceback.format_exc())\n    return "failed", 500\n',
    },
    {
      path: 'app/b.py',
      text: 'import traceback\n\n\ndef failed(error):\n    if settings.DEBUG:\n        return HttpResponse(traceback.format_exc())\n    return HttpResponse("failed")\n',
    },
    { path: 'app/c.py', text: 'import traceback\n\n\ndef describe():\n    return traceback.format_exc()\n' },
  ],
  async find(_file, context) {
    const { root, calls } = await readPython(context);
    const handlers = nodesOf(root, 'return_statement').filter((node) => {
      const owner = enclosing(node, ['function_definition'])?.parent();
      return (
        /^@\w+\.(errorhandler|exception_handler|route)\(/.test(owner?.text() ?? '') &&
        /^return\s+traceback\.format_exc\(\)/.test(node.text())
      );
    });
    const returned = handlers
      .filter((node) => !/debug/i.test(functionText(node)))
      .map((node): Match => {
        const [trace] = nodesOf(node, 'call');
        const edits = trace ? [{ ...span(trace), text: '"Internal Server Error"' }] : [];
        return { ...span(node), message: 'The traceback is sent to whoever caused the error.', edits };
      });
    const given = calls.flatMap((call): Match[] => {
      if (!ANSWERS.test(call.name ?? '') || !/\btraceback\.format_exc\(/.test(call.node.text())) return [];
      if (/debug/i.test(functionText(call.node))) return [];
      const traces = nodesOf(call.node, 'call').filter((one) => one.text() === 'traceback.format_exc()');
      const edits = traces.map((one) => ({ ...span(one), text: '"Internal Server Error"' }));
      return [{ ...span(call.node), message: 'The traceback is sent to whoever caused the error.', edits }];
    });
    const told = calls.flatMap((call): Match[] => {
      const failed = /^(status|status_code)$/;
      const status = [...call.keywords].find(([name]) => failed.test(name))?.[1]?.text();
      const tuple = call.node.parent()?.is('expression_list') ? call.node.next()?.next()?.text() : null;
      if (!ANSWERS.test(call.name ?? '') || !/^(status\.HTTP_)?500/.test(status ?? tuple ?? '')) return [];
      const around = functionText(call.node);
      if (/debug/i.test(around)) return [];
      const words = [...nodesOf(call.node, 'call')].filter(
        (one) => /^(str|repr)\((\w+)\)$/.test(one.text()) && isException(one),
      );
      const logged = /\blog(ger|ging)?\b|_log(ger)?\b|capture_exception|print_exc|\bprint\(/i.test(around);
      const edits = logged ? words.map((one) => ({ ...span(one), text: '"Internal Server Error"' })) : [];
      return words.length === 0
        ? []
        : [{ ...span(call.node), message: 'The words of the error are sent to whoever caused it.', edits }];
    });
    return [...returned, ...given, ...told];
  },
};

/** `str(error)` in the `except … as error` that it belongs to, or in a handler of errors. */
function isException(call: Node): boolean {
  const name = /\((\w+)\)$/.exec(call.text())?.[1] ?? '';
  const clause = enclosing(call, ['except_clause']);
  if (clause && new RegExp(`^except (Exception|BaseException) as ${name}:`).test(clause.text())) return true;
  const handler = enclosing(call, ['function_definition']);
  const handles = /exception|error/i.test(
    `${handler?.field('name')?.text()} ${handler?.parent()?.is('decorated_definition') ? handler.parent()?.child(0)?.text() : ''}`,
  );
  const parameters = (handler?.field('parameters')?.namedChildren() ?? []).map((one) => /^\w+/.exec(one.text())?.[0]);
  return !clause && handles && /^(e|exc|err|error|exception)$/.test(name) && parameters.includes(name);
}
