/** docs/pictures/rooms.svg: the rooms by floor and who calls whom, drawn by Graphviz from the sources. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { markdownTable } from './markdown.mjs';
import { essentialCalls, readRooms, ROOM_WORDS } from './rooms.mjs';

const FONT = "Helvetica, Arial, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
const INK = '#1f2937';
/** Lowest floor first; a floor above the last colour takes the last. */
const COLOURS = ['#e8eef7', '#dcecf5', '#d5efe9', '#def0d3', '#f3efcb', '#f8e4c8', '#f6d8d3', '#ece0f4'];

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A box of fixed size: Graphviz without fonts cannot measure Chinese, and the picture must be the same everywhere. */
function box(name, colour, width) {
  const [zh, en] = ROOM_WORDS[name] ?? [name, ''];
  const row = (text, height) => `<TR><TD FIXEDSIZE="TRUE" WIDTH="${width - 4}" HEIGHT="${height}">${text}</TD></TR>`;
  return `<<TABLE BORDER="1" COLOR="#64748b" STYLE="ROUNDED" BGCOLOR="${colour}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" WIDTH="${width}" HEIGHT="66">
    ${row(`<FONT POINT-SIZE="15"><B>${escape(name)}</B></FONT>`, 24)}
    ${row(`<FONT POINT-SIZE="13">${escape(zh)}</FONT>`, 19)}
    ${row(`<FONT POINT-SIZE="10" COLOR="#475569">${escape(en)}</FONT>`, 18)}</TABLE>>`;
}

function graph({ floors, calls }) {
  const lines = [
    'digraph rooms {',
    `rankdir=BT; bgcolor="white"; nodesep=0.28; ranksep=0.62; splines=true; fontname="${FONT}"; pad=0.25;`,
    `node [shape=plain, fontname="${FONT}", fontcolor="${INK}"];`,
    'edge [arrowsize=0.65, dir=back];',
    `common [label=${box('common', '#eef0f3', 1060)}];`,
  ];
  floors.forEach((rooms, floor) => {
    const label = `floor ${floor + 1}`;
    lines.push(`f${floor} [shape=plaintext, fontsize=12, fontcolor="#64748b", label="${label}", group=floors];`);
    const colour = COLOURS[Math.min(floor, COLOURS.length - 1)];
    for (const room of rooms) lines.push(`${room} [label=${box(room, colour, 186)}];`);
    lines.push(`{rank=same; f${floor}; ${rooms.join('; ')}}`);
    if (floor > 0) lines.push(`f${floor - 1} -> f${floor} [style=invis, weight=50];`);
  });
  for (const room of floors[0] ?? []) lines.push(`common -> ${room} [style=invis];`);

  for (const [from, targets] of [...essentialCalls(calls)].sort(([one], [other]) => one.localeCompare(other))) {
    // Drawn from the called to the caller, so that low floors lie low; the arrow points at what is called.
    for (const to of [...targets].sort()) lines.push(`${to} -> ${from} [color="#334155", penwidth=1.4];`);
  }
  return [...lines, '}'].join('\n');
}

/** The same as a table: every call, also those the picture leaves out because a longer way implies them. */
function table({ floors, calls }) {
  const rows = floors.flatMap((rooms, floor) =>
    [...rooms].sort().map((room) => {
      const [zh, en] = ROOM_WORDS[room] ?? ['', ''];
      const targets = [...(calls.get(room) ?? [])].sort().map((to) => `\`${to}\``);
      return [String(floor + 1), `\`${room}\``, zh, en, targets.length > 0 ? targets.join(', ') : '–'];
    }),
  );
  return markdownTable(['floor', 'room', '中文', 'what it is for', 'calls'], rows.reverse());
}

/** @returns {Promise<{svg: string, table: string, faults: string[]}>} */
export async function drawRooms() {
  const rooms = await readRooms();
  const named = [...rooms.floors.flat(), 'common'];
  const faults = [
    ...rooms.unknown.map((room) => `src/${room} stands on no floor of .dependency-cruiser.cjs`),
    ...named
      .filter((room) => !(room in ROOM_WORDS))
      .map((room) => `room ${room} has no words in scripts/lib/docs/rooms.mjs`),
    ...Object.keys(ROOM_WORDS)
      .filter((room) => !named.includes(room))
      .map((room) => `scripts/lib/docs/rooms.mjs describes the room ${room}, which is not there`),
  ];
  const graphviz = await Graphviz.load();
  return { svg: tidy(graphviz.dot(graph(rooms))), table: table(rooms), faults };
}

/** Without Graphviz's comments and with a background that does not follow the reader's dark mode. */
export function tidy(svg) {
  return `${svg
    .replace(/<\?xml[^]*?<svg/, '<svg')
    .replace(/<!--[^]*?-->\n?/g, '')
    .replace(/\n{2,}/g, '\n')
    .trim()}\n`;
}
