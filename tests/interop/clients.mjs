// Which client libraries run, and with which transports. Each is pointed at the simulator by options that the
// library documents; its code is never touched.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import zlib from 'node:zlib';

const require = createRequire(import.meta.url);

// The package's own file, past its `exports`.
function version_of(library) {
  for (let folder = dirname(require.resolve(library)); ; folder = dirname(folder)) {
    try {
      const described = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (described.name === library) return described.version;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
}

// transports: plain, payload (Identify with `compress`), zlib-stream, zstd-stream.
// tls: the library's REST client speaks nothing but https.
export function clients(installed) {
  const zstd = 'createZstdDecompress' in zlib ? ['zstd-stream'] : []; // Node.js 22.15 and later
  const list = [
    // discord.js compresses when, and only when, the native addon zlib-sync is installed.
    { library: 'discord.js', script: 'discord_js.mjs', transports: [installed('zlib-sync') ? 'zlib-stream' : 'plain'] },
    { library: '@discordjs/ws', script: 'discordjs_ws.mjs', transports: ['plain', 'payload', 'zlib-stream'] },
    { library: 'eris', script: 'eris.mjs', transports: ['plain', 'zlib-stream'], tls: true },
    { library: 'oceanic.js', script: 'oceanic.mjs', transports: ['plain', 'zlib-stream', ...zstd] },
    // Its zstd-stream loses the first message of a connection, Hello: it would never heartbeat.
    { library: '@discordeno/gateway', script: 'discordeno.mjs', transports: ['plain', 'payload', 'zlib-stream'] },
  ];
  return list.map((client) => ({ tls: false, ...client, version: version_of(client.library) }));
}
