/** One line may speak for a whole repository, so none that Python 3 or prose has may count. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPython2 } from '../../src/code/index.ts';

const test = suite('code/python2');

test('lines that only Python 2 has', () => {
  for (const line of [
    'import urllib2',
    '    import cPickle as pickle',
    'from urlparse import urljoin',
    'import StringIO, os',
    'except socket.error, e:',
    '    except (KeyError, ValueError), error:',
    'print "a"',
    'print >>sys.stderr, x',
    'raise ValueError, "bad"',
  ])
    assert.ok(isPython2(`x = 1\n${line}\n`), line);
});

test('lines that Python 3 or a docstring may have', () => {
  for (const line of [
    'import urllib.parse',
    'from urllib.parse import urlparse',
    'import queue, configparser',
    'except (KeyError, ValueError) as error:',
    'except KeyError:',
    'print("a", file=sys.stderr)',
    '    print the names, one a line',
    'raise ValueError("bad, \\"worse\\"")',
    '    raise ValueError, if there is none',
    '# import urllib2',
    'from .Queue import Queue',
  ])
    assert.not(isPython2(`x = 1\n${line}\n`), line);
});

test.run();
