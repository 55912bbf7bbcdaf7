import { type DatabaseConnection, type Driver, SqliteDialect, type SqliteDialectConfig } from "kysely";

/** Reading time allowed in one round of the event loop. */
const READING_MAX_MS = 3;

/**
 * Measures the time of statements outside transactions. The embedded database runs in this thread, so a caller that
 * awaits one statement after another would never let other work run: nothing in it waits for the event loop.
 */
export class ReadingTime {
  #spentMs = 0;
  #isForgetting = false;

  get isUsedUp(): boolean {
    return this.#spentMs >= READING_MAX_MS;
  }

  measure<Result>(read: () => Result): Result {
    const startedAt = performance.now();
    try {
      return read();
    } finally {
      this.#spentMs += performance.now() - startedAt;
      this.#forgetLater();
    }
  }

  /** Resolves in the next round of the event loop. */
  async renewed(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#spentMs = 0;
  }

  #forgetLater(): void {
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    setImmediate(() => {
      this.#isForgetting = false;
      this.#spentMs = 0;
    });
  }
}

/** SQLite whose one connection is passed to the next caller only while reading time is left in this round. */
export class TurnTakingSqliteDialect extends SqliteDialect {
  readonly #time: ReadingTime;

  constructor(config: SqliteDialectConfig, time: ReadingTime) {
    super(config);
    this.#time = time;
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async (...of): Promise<DatabaseConnection> => {
      const connection = await acquire(...of);
      while (this.#time.isUsedUp) await this.#time.renewed();
      return connection;
    };
    return driver;
  }
}
