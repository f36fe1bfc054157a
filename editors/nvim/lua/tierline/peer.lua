-- What the server asks of the language's own server, which another client of this editor talks to: a rename, or references. Nothing
-- blocks: Neovim handles a request of a server in a coroutine, which sleeps here until that other server has answered.

local M = {}

-- A path without links: the server and Neovim may name one file in two ways.
local function real(path)
  return vim.uv.fs_realpath(path) or path
end

local function name_of(buffer)
  return real(vim.api.nvim_buf_get_name(buffer))
end

local function buffer_of(path)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and name_of(buffer) == path then
      return buffer
    end
  end
end

-- The clients that can answer for a file: those of its buffer; for a file that is not open, those that work on its kind in its folder.
local function others(method, path, ours)
  local buffer = buffer_of(path)
  local filetype = not buffer and vim.filetype.match({ filename = path })
  return vim.tbl_filter(function(client)
    if client.id == ours.id or client.name == ours.name then
      return false
    end
    local is_near = client.root_dir and vim.startswith(path, real(client.root_dir) .. '/')
    return buffer ~= nil or is_near and vim.tbl_contains(client.config.filetypes or {}, filetype)
  end, vim.lsp.get_clients({ bufnr = buffer, method = method }))
end

-- Files by path, each as its lines, read once.
local function reader()
  return setmetatable({}, {
    __index = function(files, path)
      local buffer = buffer_of(path)
      local is_there = buffer or vim.fn.filereadable(path) == 1
      local lines = buffer and vim.api.nvim_buf_get_lines(buffer, 0, -1, false) or is_there and vim.fn.readfile(path) or {}
      files[path] = lines
      return lines
    end,
  })
end

-- A position of a file in the unit of another client.
local function converted(position, lines, from, to)
  if from == to then
    return position
  end
  local line = lines[position.line + 1] or ''
  local byte = vim.str_byteindex(line, from, position.character, false)
  return { line = position.line, character = vim.str_utfindex(line, to, byte, false) }
end

-- The versions of the documents that the server has open, by path.
local function versions(ours)
  local found = {}
  for buffer in pairs(ours.attached_buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      found[name_of(buffer)] = vim.lsp.util.buf_versions[buffer]
    end
  end
  return found
end

-- Sends a request and sleeps until it is answered; nothing where it failed.
local function asked(client, method, params, buffer)
  local this = coroutine.running()
  local sent = client:request(method, params, function(err, result)
    -- Not at once: an answer may be there before the coroutine sleeps.
    vim.schedule(function()
      coroutine.resume(this, not err and result or nil)
    end)
  end, buffer)
  return sent and coroutine.yield() or nil
end

-- Asks one client after the other until one has an answer that `read` can use.
local function answer(method, params, context, more, read)
  local ours = assert(vim.lsp.get_client_by_id(context.client_id))
  local path = real(vim.uri_to_fname(params.textDocument.uri))
  local buffer = buffer_of(path)
  local uri = buffer and vim.uri_from_bufnr(buffer) or params.textDocument.uri
  for _, client in ipairs(others(method, path, ours)) do
    local files, before = reader(), versions(ours)
    local theirs = vim.tbl_extend('force', {
      textDocument = { uri = uri },
      position = converted(params.position, files[path], ours.offset_encoding, client.offset_encoding),
    }, more)
    local result = asked(client, method, theirs, buffer)
    local now = versions(ours)
    -- A range in our unit, and the version for which it holds; an error where the file changed while it was asked for.
    local function place(of, range)
      local file = real(vim.uri_to_fname(of))
      assert(before[file] == now[file], 'changed meanwhile')
      local function ends(position)
        return converted(position, files[file], client.offset_encoding, ours.offset_encoding)
      end
      return { start = ends(range.start), ['end'] = ends(range['end']) }, now[file] or vim.NIL
    end
    local is_read, found = pcall(read, type(result) == 'table' and result or {}, place)
    if is_read and found then
      found.server = client.name
      return found
    end
  end
  return vim.NIL
end

--- Has another server say what a rename would change.
function M.rename(_, params, context)
  return answer('textDocument/rename', params, context, { newName = params.newName }, function(edit, place)
    local changes = {}
    local function add(uri, edits)
      local version = vim.NIL
      edits = vim.tbl_map(function(one)
        local range
        range, version = place(uri, one.range)
        return { range = range, newText = one.newText }
      end, edits)
      table.insert(changes, { textDocument = { uri = uri, version = version }, edits = edits })
    end
    for _, change in ipairs(edit.documentChanges or {}) do
      if change.kind then
        -- The server refuses what makes, renames or deletes files.
        table.insert(changes, change)
      else
        add(change.textDocument.uri, change.edits)
      end
    end
    for uri, edits in pairs(not edit.documentChanges and edit.changes or {}) do
      add(uri, edits)
    end
    return #changes > 0 and { edit = { documentChanges = changes } } or nil
  end)
end

--- Has another server say where something is defined and used.
function M.references(_, params, context)
  return answer('textDocument/references', params, context, { context = { includeDeclaration = true } }, function(locations, place)
    local found = {}
    for _, location in ipairs(locations) do
      local range, version = place(location.uri, location.range)
      table.insert(found, { uri = location.uri, range = range, version = version })
    end
    return #found > 0 and { locations = found } or nil
  end)
end

return M
