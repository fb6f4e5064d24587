/** The version of this package and of the Python one; a test keeps them equal. */
export const VERSION = '0.1.0';
