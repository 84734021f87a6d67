// A folder with files as people write them by hand, and the program run in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const service = (bot, store) => `  ${bot}:
    image: guildfleet:0.1.0
    restart: unless-stopped
    environment:
      DISCORD_TOKEN: \${${bot.toUpperCase()}_TOKEN}
      DISCORD_APP_ID: \${${bot.toUpperCase()}_ID}
      BOT_NAME: ${bot}
      PORT: 3001
      ${store}
    volumes: ["${bot}:/app/storage"]
`;

export const compose = `version: "3.8"
services:
  postgres:
    image: docker.io/library/postgres:16-alpine
    environment: { POSTGRES_USER: bots, POSTGRES_PASSWORD: bots, POSTGRES_DB: bots }
    volumes: ["data:/var/lib/postgresql/data"]
    ports: ["5432:5432"]
${service('bot1', 'SQLITE_PATH: /app/storage/bot1.sqlite')}${service('bot2', 'SQLITE_PATH: /app/storage/bot2.sqlite')}${
  service('bot3', 'DATABASE_URL: postgresql://bots:bots@postgres:5432/bots')}  nginx:
    image: nginx
    ports: ["8088:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
volumes: { bot1: {}, bot2: {}, bot3: {}, data: {} }
`;

// Of nobody; the first part is an application's id.
export const token_of = (number) => `${Buffer.from(`12345678901234567${number}`).toString('base64')}.AAAAAA.${String(number).repeat(30)}`;

export class scene {
  constructor(files) {
    this.folder = mkdtempSync(join(tmpdir(), 'guildfleet-checks-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text, { mode: 0o600 });
    }
  }

  // What the program answers, with nothing in its environment but `variables`.
  run(args, variables = {}) {
    const { status, stdout, stderr } = spawnSync(process.env.GUILDFLEET, args, {
      cwd: this.folder, env: { PATH: process.env.PATH, ...variables }, encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
