declare const brand: unique symbol;

/** A string that must not be confused with another kind of string. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
