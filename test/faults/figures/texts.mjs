/** Rare characters: every character of the Han blocks goes in through the interface and must come out as it was. */
import { People } from './http.mjs';
import { startServer } from './servers.mjs';
import { makeWorld, PASSWORD } from './world.mjs';

const PER_NAME = 60;
/** First and last assigned character of each block, as of Unicode 15. */
const BLOCKS = {
  URO: [0x4e00, 0x9fff],
  'Ext. A': [0x3400, 0x4dbf],
  'Ext. B': [0x20000, 0x2a6df],
  'Ext. C': [0x2a700, 0x2b739],
  'Ext. D': [0x2b740, 0x2b81d],
  'Ext. E': [0x2b820, 0x2cea1],
  'Ext. F': [0x2ceb0, 0x2ebe0],
  'Ext. G': [0x30000, 0x3134a],
  'Ext. H': [0x31350, 0x323af],
  compatibility: [0xf900, 0xfad9],
  'compatibility supplement': [0x2f800, 0x2fa1d],
};

/** @returns {Promise<object>} characters sent, blocks, characters that came back as another one or not at all */
export async function rareCharacters({ serverUrl, every }) {
  const world = await makeWorld(serverUrl, { persons: 0 });
  const server = await startServer({ url: world.url, dataDir: world.dataDir });
  try {
    const people = new People(() => server.port, PASSWORD);
    const { items } = await people.must('admin', 'GET', 'users');
    const { id } = items.find(({ username }) => username === 'inspector');
    let { version } = await people.must('admin', 'GET', `users/${id}`);
    let sent = 0;
    const altered = [];
    for (const name of names(every)) {
      const answer = await people.call('admin', 'PATCH', `users/${id}`, { displayName: name, version });
      const [stored] = await world.query('SELECT display_name FROM app_user WHERE id = $1', [id]);
      sent += [...name].length;
      if (answer.body?.displayName !== name || stored.display_name !== name) altered.push(name);
      version = answer.body?.version ?? version;
    }
    return { sent, blocks: Object.keys(BLOCKS).length, altered };
  } finally {
    await server.end('SIGTERM');
    await world.drop();
  }
}

function* names(every) {
  for (const [first, last] of Object.values(BLOCKS)) {
    let name = '';
    for (let point = first; point <= last; point += every) {
      name += String.fromCodePoint(point);
      if ([...name].length < PER_NAME && point + every <= last) continue;
      yield name;
      name = '';
    }
  }
}
