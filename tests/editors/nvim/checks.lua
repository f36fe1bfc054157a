-- What every session of Neovim does alike: it checks, waits, and hears what the user is told. A session loads it by `dofile`.

local M = {
  --- What the user was told since the session last forgot it.
  told = {},
  patience_ms = 60000,
}
local failed = 0

--- Prints a check as a line; whether it held.
function M.check(name, held, seen)
  failed = failed + (held and 0 or 1)
  local detail = (held or seen == nil) and '' or ': ' .. (type(seen) == 'string' and seen or vim.inspect(seen))
  -- Neovim leaves the line of its last message open.
  io.stdout:write('\n' .. (held and 'ok   ' or 'FAIL ') .. name .. detail .. '\n')
  return held
end

--- Ends the session, with 0 when every check held.
function M.finish()
  os.exit(failed == 0 and 0 or 1)
end

--- A check without which the rest says nothing.
function M.need(name, held, seen)
  if not M.check(name, held, seen) then
    M.finish()
  end
end

--- Whether a condition holds before patience is at its end.
function M.wait(condition)
  return (vim.wait(M.patience_ms, condition, 20))
end

--- Leaves what a user would see for whoever reads the run.
function M.keep(name, text)
  vim.fn.writefile(vim.split(text, '\n'), vim.env.SESSION_OUT .. '/' .. name .. '.txt')
end

--- Whether the user was told something that holds these words.
function M.was_told(words)
  return vim.iter(M.told):any(function(said)
    return said:find(words, 1, true) ~= nil
  end)
end

vim.notify = function(said)
  table.insert(M.told, said)
end
local show_message = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(err, result, context, config)
  table.insert(M.told, result.message)
  return show_message(err, result, context, config)
end

return M
