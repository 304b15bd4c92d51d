/**
 * Lines that only a Python 2 source has. Rule: one that reads the same in prose or in Python 3 is not on the list, since
 * one hit speaks for the whole repository.
 */

const S = '[ \t]';
const MODULES =
  'urllib2|urlparse|httplib|StringIO|cStringIO|ConfigParser|cPickle|Queue|__builtin__|cookielib|HTMLParser|SocketServer|BaseHTTPServer|xmlrpclib|htmlentitydefs|md5|sets';

/** An extended regular expression, for git and for JavaScript alike: no class by name, no lookaround. */
export const PYTHON_2_LINE = [
  `^${S}*(import|from)${S}+(${MODULES})(${S}|,|$)`,
  `^${S}*except${S}+([A-Za-z_.]+|\\([A-Za-z_., ]*\\))${S}*,${S}*[A-Za-z_]+${S}*:`,
  `^${S}*print${S}+["']`,
  `^${S}*print${S}*>>`,
  `^${S}*raise${S}+[A-Za-z_.]+,${S}*["']`,
].join('|');

/** Does the file say by itself that Python 2 reads it? */
export function isPython2(text: string): boolean {
  return new RegExp(PYTHON_2_LINE, 'm').test(text);
}
