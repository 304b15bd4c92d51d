/** Door of the git room: the only code of the product that runs git. */
export { type Checkout, checkoutOf, openCheckout } from './checkout.ts';
export type { OpenOptions } from './context.ts';
export { openRepository } from './open.ts';
export { removeAny } from './scrub.ts';
export type * from './types.ts';
