import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { outdate } from "./outdate.ts";

it("reads once more what was on its way for the first time", async () => {
  const queries = new QueryClient();
  const answers: ((known: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const observer = new QueryObserver(queries, { queryKey: ["feed"], queryFn });
  const stop = observer.subscribe(() => undefined);
  const done = outdate(queries, { queryKey: ["feed"] });
  answers[0]?.("from before");
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.("with what happened");
  await done;
  expect(observer.getCurrentResult().data).toBe("with what happened");
  stop();
});

it("reads what is known once", async () => {
  const queries = new QueryClient();
  let read = 0;
  const observer = new QueryObserver(queries, { queryKey: ["feed"], queryFn: async () => ++read });
  const stop = observer.subscribe(() => undefined);
  await expect.poll(() => observer.getCurrentResult().data).toBe(1);
  await outdate(queries);
  expect(observer.getCurrentResult().data).toBe(2);
  stop();
});
