-- The command `:Tierline`: its sub-commands and their completion.

local M = {}

-- Each takes the rest of the line, and whether there was a bang.
local commands = {
  hover = function(tierline)
    tierline.hover()
  end,
  lookup = function(tierline, rest, bang)
    tierline.lookup(rest, bang)
  end,
  refactor = function(tierline, rest)
    tierline.refactor(rest)
  end,
  explain = function(tierline)
    tierline.explain()
  end,
  document = function(tierline)
    tierline.document()
  end,
  undo = function(tierline)
    tierline.undo()
  end,
  report = function(tierline)
    tierline.report()
  end,
  doctor = function(tierline)
    tierline.doctor()
  end,
  restart = function(tierline)
    tierline.restart()
  end,
  log = function(tierline)
    tierline.log()
  end,
}

local function names()
  local found = vim.tbl_keys(commands)
  table.sort(found)
  return found
end

--- Runs what a line says.
function M.run(command)
  local name, rest = command.args:match('^(%S*)%s*(.*)$')
  if name == '' then
    vim.ui.select(names(), { prompt = 'Tierline' }, function(chosen)
      if chosen then
        commands[chosen](require('tierline'), '', false)
      end
    end)
  elseif commands[name] then
    commands[name](require('tierline'), vim.trim(rest), command.bang)
  else
    vim.notify(('Tierline: there is no %s; there are %s'):format(name, table.concat(names(), ', ')), vim.log.levels.ERROR)
  end
end

--- Completes the name of a sub-command, and the beginning of a rename.
function M.complete(lead, line)
  local name = line:match('^%s*Tierline!?%s+(%S+)%s')
  if not name then
    return vim.tbl_filter(function(candidate)
      return vim.startswith(candidate, lead)
    end, names())
  end
  if name == 'refactor' and line:match('^%s*Tierline!?%s+refactor%s+%S*$') then
    return { ('rename %s to '):format(vim.fn.expand('<cword>')) }
  end
  return {}
end

return M
