// Small servers in the place of nodes, each under its node's address. They tell who they are and what they were asked with.
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const health_port = 3001;
const api_port = 3002;
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // of RFC 6455

export const address_of = (name) =>
  readFileSync('/etc/hosts', 'utf8').split('\n').map((line) => line.split(' ')).find((each) => each[1] === name)[0];

// Tells the path of each request as it comes.
export const heard = new EventEmitter();

// /api/slow/300 takes 300 ms; /api/socket is a WebSocket that sends back whatever comes.
function server_of(name) {
  const server = createServer(async (request, response) => {
    heard.emit(request.url);
    const slow = /\/slow\/(\d+)/.exec(request.url);
    if (slow) await pause(Number(slow[1]));
    response.end(JSON.stringify({ status: 'ok', node: name, path: request.url, headers: request.headers }));
  });
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + guid).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('error', () => {}).pipe(socket);
  });
  return server;
}

export async function backend(name) {
  for (const port of [health_port, api_port]) {
    const server = server_of(name).listen(port, address_of(name));
    await once(server, 'listening');
  }
}
