import { learn } from "@/messages/catalogue.ts";
import { rest } from "@/messages/rest.ts";

learn(rest);
