import { addCopyButtons } from "./copy-buttons.ts";
import { rememberLanguage } from "./sample-language.ts";
import { startSearch } from "./search.ts";
import { startThemeButton } from "./theme-button.ts";

startThemeButton();
startSearch();
addCopyButtons();
rememberLanguage();
