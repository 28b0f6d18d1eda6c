/** The same keys with any texts: an English file that misses or invents a key does not compile. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
