// The npm package ws against ws_echo, in both roles. Every case runs on a connection of its own.
//   node run.mjs <path to ws_echo>
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

const program = process.argv[2];
const case_limit_ms = 20_000;
const japanese = 'こんにちは、世界 🎌';

async function echoed(socket, data, binary) {
  const answer = once(socket, 'message');
  socket.send(data, { binary });
  const [back, is_binary] = await answer;
  assert.equal(is_binary, binary);
  assert.ok(Buffer.from(data).equals(back), `${Buffer.byteLength(data)} bytes came back changed`);
}

async function closed_with(socket, code) {
  const [told, reason] = await once(socket, 'close');
  assert.equal(told, code);
  return reason.toString();
}

// A frame that ws itself refuses to send. A client's frames are masked, with zero.
function raw_frame(socket, first_byte, payload) {
  const masked = !socket._isServer;
  const header = Buffer.from([first_byte, (masked ? 0x80 : 0) | payload.length]);
  socket._socket.write(Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), payload]));
}

const cases = {
  'messages of every length encoding': async (socket) => {
    for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000]) {
      await echoed(socket, 'x'.repeat(size), false);
      await echoed(socket, Buffer.alloc(size, 0xff), true);
    }
    socket.close(1000);
    await closed_with(socket, 1000);
  },
  'text beyond ASCII': async (socket) => {
    await echoed(socket, japanese, false);
    await echoed(socket, japanese.repeat(20_000), false);
    socket.close(1000);
    await closed_with(socket, 1000);
  },
  'fragments with a ping in between': async (socket) => {
    const bytes = Buffer.from(japanese);
    const answer = once(socket, 'message');
    const pong = once(socket, 'pong');
    socket.send(bytes.subarray(0, 4), { binary: false, fin: false });
    socket.ping('between');
    socket.send(bytes.subarray(4, 5), { binary: false, fin: false });
    socket.send(bytes.subarray(5), { binary: false, fin: true });
    assert.equal((await pong)[0].toString(), 'between');
    assert.equal((await answer)[0].toString(), japanese);
    socket.close(1000);
    await closed_with(socket, 1000);
  },
  'a thousand messages without waiting': async (socket) => {
    const received = [];
    const all = new Promise((done) => socket.on('message', (data) => {
      received.push(Number(data));
      if (received.length === 1000) done();
    }));
    for (let i = 0; i < 1000; ++i) socket.send(String(i));
    await all;
    assert.deepEqual(received, [...received.keys()]);
    socket.close(1000);
    await closed_with(socket, 1000);
  },
  'a close code of the application': async (socket) => {
    socket.close(4004, 'bad token');
    await closed_with(socket, 4004);
  },
  'a close without a code': async (socket) => {
    socket.close();
    await closed_with(socket, 1005);
  },
  'no extension is agreed on': async (socket) => {
    assert.equal(socket.extensions, '');
    socket.close(1000);
    await closed_with(socket, 1000);
  },
  'text that is not UTF-8': async (socket) => {
    raw_frame(socket, 0x81, Buffer.from([0xc0, 0xaf]));
    await closed_with(socket, 1007);
  },
  'a reserved opcode': async (socket) => {
    raw_frame(socket, 0x83, Buffer.alloc(0));
    await closed_with(socket, 1002);
  },
  'a reserved bit': async (socket) => {
    raw_frame(socket, 0xc1, Buffer.from('a'));
    await closed_with(socket, 1002);
  },
  'a message over the limit': async (socket) => {
    socket.send('x'.repeat(4 * 1024 * 1024 + 1));
    await closed_with(socket, 1009);
  },
};

async function within_limit(name, work) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${name}: no end after ${case_limit_ms} ms`)), case_limit_ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
  console.log(`ok: ${name}`);
}

async function against_our_server() {
  const child = spawn(program, ['server'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(createInterface(child.stdout), 'line');
  for (const [name, run] of Object.entries(cases)) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    socket.on('error', () => {});
    await once(socket, 'open');
    await within_limit(`our server: ${name}`, run(socket));
  }
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
}

async function against_our_client() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
  for (const [name, run] of Object.entries(cases)) {
    const child = spawn(program, ['client', `ws://127.0.0.1:${server.address().port}/`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const [socket] = await once(server, 'connection');
    socket.on('error', () => {});
    await within_limit(`our client: ${name}`, run(socket));
    assert.deepEqual(await exited, [0, null]);
  }
  server.close();
}

await against_our_server();
await against_our_client();
console.log('all cases passed');
