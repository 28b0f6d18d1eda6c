/** The page's nonce, written into index.html by the server for each request. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/**
 * Gives every style element the nonce. antd's own styles take it from ConfigProvider, but the small sheets that its
 * scroll locker and scrollbar measurement make do not, and the server's policy forbids styles without one.
 */
export function giveStylesTheNonce(): void {
  const create = document.createElement.bind(document) as typeof document.createElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
