import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { json } from './wire.ts';

const folder = '/api/v1/glm/chat_completion/';
const kept = 200;

/** Outputs by task id, each as the HTTP response that it was. */
export type Tasks = {
  /** Keeps an output and gives its id. It is `processing` for the first `polls` questions. */
  readonly keep: (body: string | object, polls: number) => string;
  /** Answers when the path names a task; false when it does not. */
  readonly answer: (path: string, response: ServerResponse) => boolean;
};

export function makeTasks(): Tasks {
  const tasks = new Map<string, { polls: number; readonly stored: object }>();
  return {
    keep(body, polls) {
      const id = randomUUID();
      const type = typeof body === 'string' ? 'text/event-stream' : 'application/json';
      tasks.set(id, { polls, stored: { status: 200, content_type: type, headers: {}, body } });
      const [oldest] = tasks.keys();
      if (tasks.size > kept && oldest) tasks.delete(oldest);
      return id;
    },
    answer(path, response) {
      const id = path.startsWith(folder) ? path.slice(folder.length) : '';
      const task = tasks.get(id);
      if (!task) return false;
      if (task.polls-- > 0) json(response, 200, { id, status: 'processing' }, { 'retry-after': '0' });
      else json(response, 200, { id, status: 'completed', response: task.stored });
      return true;
    },
  };
}

export function taskPath(id: string): string {
  return folder + id;
}
