/** A percentage of the server on the screen; a dash for none. */
export function percent(value: string | null): string {
  return value === null ? '—' : `${value.replace('-', '−')} %`;
}

/** Growth with an arrow, so that rising and falling are told apart without colour. */
export function Growth({ value }: { value: string | null }) {
  if (value === null) return <span className="muted">—</span>;
  const sign = value.startsWith('-') ? '↓' : /[1-9]/.test(value) ? '↑' : '';
  return (
    <span>
      <span aria-hidden="true">{sign}</span> {percent(value)}
    </span>
  );
}
