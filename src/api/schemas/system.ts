import { z } from "zod";
import type { StoredState, SystemState } from "../../composition/system.ts";
