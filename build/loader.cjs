/**
 * Ends start.cjs: a part runs when it is first asked for, once. What is no part of start.cjs is one of work.cjs, or lies
 * outside.
 */
const made = Object.create(null);
let complete = false;

/** Starts the program. @param load reads a file of this folder. */
exports.begin = (load) => {
  const need = (name) => {
    if (made[name] !== undefined) return made[name].exports;
    if (!(name in exports.parts) && !complete && /^\.\/.*\.js$/.test(name)) {
      Object.assign(exports.parts, load('work.cjs').parts);
      complete = true;
    }
    const part = exports.parts[name];
    if (part === undefined) return require(name);
    const module = { exports: {} };
    made[name] = module;
    part(module, module.exports, need);
    return module.exports;
  };
  return need('./start.js');
};
