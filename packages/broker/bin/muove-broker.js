#!/usr/bin/env node
// A file of its own, because package managers link it when they install, before the first build.
import "../dist/bin.js";
