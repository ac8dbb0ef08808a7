using Understudy.Cli;
using Understudy.Networks.Ops;

WaitingThreads.Choose();
Console.SetError(new LossyWriter(Console.Error));
return CommandLine.Run(args, Console.Out, Console.Error);
