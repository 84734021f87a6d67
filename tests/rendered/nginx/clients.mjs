// Who asks the gateway: each from an address of its own, as nginx counts requests by it.
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { once } from 'node:events';

let last = 0;
// Of 127.0.0.0/8; it comes again only after 60,000 others.
export function new_address() {
  last = (last + 1) % 60_000;
  return `127.20.${Math.floor(last / 250)}.${1 + (last % 250)}`;
}

// { status, headers, text, body }, body being the JSON of it if it is some.
export async function get(path, { from = new_address(), headers = {}, port = 8080, tls } = {}) {
  const options = { host: '127.0.0.1', port, path, localAddress: from, headers, agent: false, ...tls };
  const call = (tls ? https : http).get(options);
  const [answer] = await once(call, 'response');
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) text += piece;
  const body = text.startsWith('{') ? JSON.parse(text) : undefined;
  const certificate = tls && answer.socket.getPeerCertificate?.();
  return { status: answer.statusCode, headers: answer.headers, text, body, certificate };
}

// Which part of `count` requests each node answered.
export async function shares(path, count = 200) {
  const nodes = {};
  for (let done = 0; done < count; done += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(path)));
    for (const { status, body, text } of answers) {
      if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
      nodes[body.node] = (nodes[body.node] ?? 0) + 1 / count;
    }
  }
  return nodes;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // of RFC 6455

// A WebSocket; echo() throws when what comes back is not what was sent. One at a time.
export class web_socket {
  static async open(path) {
    const key = randomBytes(16).toString('base64');
    const call = http.get({
      host: '127.0.0.1', port: 8080, path, localAddress: new_address(), agent: false,
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key },
    });
    const [answer, socket] = await once(call, 'upgrade');
    if (answer.headers['sec-websocket-accept'] !== createHash('sha1').update(key + guid).digest('base64'))
      throw new Error('the WebSocket was accepted by somebody else');
    return new web_socket(socket);
  }
  constructor(socket) {
    this.socket = socket;
    this.came = '';
    this.wake = () => {};
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', (data) => { this.came += data; this.wake(); });
    socket.on('close', () => { this.closed = true; this.wake(); });
  }
  // A text frame of at most 125 bytes, masked with zeros.
  async echo(text) {
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]).toString('latin1');
    this.came = '';
    this.socket.write(frame, 'latin1');
    while (this.came.length < frame.length) {
      if (this.closed) throw new Error('the WebSocket was closed');
      await new Promise((resolve) => { this.wake = resolve; });
    }
    if (this.came !== frame) throw new Error('the WebSocket sent back something else');
  }
  close() { this.socket.destroy(); }
}

// Clients that ask without a pause while `during` runs, and one with a WebSocket. How many requests there were, and what failed.
export async function while_asked(paths, socket_path, during) {
  const seen = { requests: 0, messages: 0, failures: [] };
  let over = false;
  const socket = await web_socket.open(socket_path);
  // Until something fails.
  const forever = async (what) => {
    try {
      while (!over) await what();
    } catch (error) {
      seen.failures.push(error.message);
    }
  };
  const busy = [
    ...paths.map((path) => forever(async () => {
      const { status } = await get(path);
      if (status !== 200) throw new Error(`${path}: ${status}`);
      seen.requests += 1;
    })),
    forever(async () => {
      await socket.echo(`message ${seen.messages}`);
      seen.messages += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }),
  ];
  try {
    await during(seen);
  } finally {
    over = true;
    await Promise.all(busy);
    socket.close();
  }
  return seen;
}
