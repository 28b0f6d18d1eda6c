const OUTSIDE_TOKEN = /[^A-Za-z0-9._-]/g;
// encodeURIComponent leaves these, RFC 8187 does not allow them in an ext-value.
const LEFT_BARE = /['()*]/g;

/**
 * The Content-Disposition of a file to be saved (RFC 6266): a plain ASCII name for old clients and the true name in UTF-8
 * (`filename*`). Everything that could end the value or begin another header is encoded, so no name can inject one.
 */
export function attachment(fileName: string): string {
  // By way of bytes, because encodeURIComponent throws at half a character.
  const encoded = encodeURIComponent(Buffer.from(fileName, 'utf8').toString('utf8')).replace(LEFT_BARE, percentEncoded);
  return `attachment; filename="${fileName.replace(OUTSIDE_TOKEN, '_')}"; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
  return `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}
