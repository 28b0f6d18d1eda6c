/** A county of the demonstration: its national code and name are facts, its share of the people is rounded. */
export interface County {
  readonly code: string;
  readonly name: string;
  /** Short name, for the names of made-up institutions. */
  readonly short: string;
  /** Share of the residents, per mille; the shares sum to 1000. */
  readonly people: number;
  /** Share of the employees, per mille: work is in the city more than people are. */
  readonly work: number;
}

/** The prefecture of the demonstration. */
export const POOL = { code: '331100', name: '丽水市' } as const;

/** The county whose institutions form the city level (市本级) of the reports. */
export const CITY_COUNTY = '331102';

export const COUNTIES: readonly County[] = [
  { code: '331102', name: '莲都区', short: '莲都', people: 170, work: 322 },
  { code: '331121', name: '青田县', short: '青田', people: 199, work: 140 },
  { code: '331122', name: '缙云县', short: '缙云', people: 173, work: 128 },
  { code: '331123', name: '遂昌县', short: '遂昌', people: 86, work: 78 },
  { code: '331124', name: '松阳县', short: '松阳', people: 90, work: 72 },
  { code: '331125', name: '云和县', short: '云和', people: 52, work: 52 },
  { code: '331126', name: '庆元县', short: '庆元', people: 73, work: 58 },
  { code: '331127', name: '景宁畲族自治县', short: '景宁', people: 54, work: 54 },
  { code: '331181', name: '龙泉市', short: '龙泉', people: 103, work: 96 },
];
