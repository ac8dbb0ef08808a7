using System.CommandLine;
using Understudy.Cli.Verbs.Gan;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy gan</c>: train a generator, go on training it, look at it.</summary>
internal static class GanVerb
{
    public static Command Create() => new("gan", """
        Train a conditional StyleGAN2 on labelled images, and look at what it has learned.

        Examples:
          understudy gan train faces.zip --out runs/faces --minutes 60
          understudy gan resume runs/faces --minutes 60
          understudy gan info runs/faces
          understudy gan sheet runs/faces --out sheet.png
          understudy generate runs/faces --count 7000 --out stand-in.zip
        """)
    {
        TrainVerb.Create(),
        ResumeVerb.Create(),
        SheetVerb.Create(),
        InfoVerb.Create(),
    };
}
