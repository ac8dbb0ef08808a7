using Understudy.Cli;
using Understudy.Networks.Ops;

WaitingThreads.SleepSoon();
return CommandLine.Run(args, Console.Out, Console.Error);
