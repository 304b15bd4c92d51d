exports.Client = class {
  constructor() {
    throw new Error('engines are reached by their socket only, not by ssh');
  }
};
