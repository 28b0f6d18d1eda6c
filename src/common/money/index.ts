export { type Fen, fen, maxFen, minFen, parseYuan, sumFen, yuanText, ZERO_FEN } from './fen.js';
export { multiplyRate, type Rate, rate, rateText, ratio } from './rate.js';
export { allocate } from './allocate.js';
