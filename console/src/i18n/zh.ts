import { common } from './zh/common';
import { insured } from './zh/insured';
import { payment } from './zh/payment';
import { system } from './zh/system';

export const zh = { ...common, ...insured, ...payment, ...system };
