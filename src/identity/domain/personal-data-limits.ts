/** How often one user may look at personal data; see policy/personal-data.yaml. */
export interface PersonalDataLimits {
  readonly lookUps: { readonly perMinute: number; readonly rowsPerUnit: number };
  readonly reveals: { readonly perHour: number };
}

/** Checks the parsed file; throws an Error that names the member which is missing or no whole number above zero. */
export function parseLimits(source: unknown): PersonalDataLimits {
  const number = (group: string, name: string): number => {
    const value = member(member(source, group), name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      throw new Error(`policy/personal-data.yaml: ${group}.${name} must be a whole number above zero`);
    }
    return value;
  };
  return {
    lookUps: { perMinute: number('look-ups', 'per-minute'), rowsPerUnit: number('look-ups', 'rows-per-unit') },
    reveals: { perHour: number('reveals', 'per-hour') },
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
