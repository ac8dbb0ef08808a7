using System.CommandLine;
using Understudy.Common;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan resume</c>: a run that stopped goes on, to the bits it would have had.</summary>
internal static class ResumeVerb
{
    private static readonly Argument<string> Dir = new("DIR") { Description = "The folder of a run" };
    private static readonly Option<double?> Kimg = new("--kimg")
    {
        Description = "Stop after so many thousand images in all [default: the run's end; with --minutes none once that is "
            + "reached]",
        HelpName = "KIMG",
    };
    private static readonly Option<double?> Minutes = new("--minutes")
    {
        Description = "Stop after so many more minutes",
        HelpName = "M",
    };
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "The same images, where they have moved",
        HelpName = "PATH",
    };

    public static Command Create() => new Command("resume", """
        Go on training from the newest checkpoint.

        With the same number of threads the result is the same, to the last bit, as if the run had never stopped.

        Examples:
          understudy gan resume runs/faces
          understudy gan resume runs/faces --kimg 1000
        """)
    {
        Dir, Kimg, Minutes, Data,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (folder, minutes) = (a.GetValue(Dir)!, a.GetValue(Minutes));
        if (minutes is { } m) OptionException.RequireRange("minutes", m, 0.01, 1e6);
        var run = GanRun.Load(folder);
        var (source, split) = GanSource.Load(folder);
        var judge = JudgeFile.Of(run, folder);
        if (a.GetValue(Data) is { } moved) source = source with { Data = Path.GetFullPath(moved) };
        var set = source.Read(split, session.Terminal);
        if (set.Fingerprint != run.Data)
        {
            throw new OptionException($"data: {source.Data} is not what {folder} was trained on "
                + $"(fingerprint {set.Fingerprint[..12]}…, the run's is {run.Data[..12]}…); give the same images with --data");
        }
        var end = minutes is null ? run.Options.Kimg : TrainVerb.EndByMinutes(run, folder);
        var options = run.Options with { Kimg = a.GetValue(Kimg) ?? end };
        return TrainVerb.Train(session, set, options, folder, run.Seed, run.Split, minutes,
            () => source.Save(folder, split), run.From, judge);
    }
}
