using System.CommandLine;
using Understudy.Cli.Verbs.Gan;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy gan</c>: train a generator, go on training it, look at it, take it elsewhere.</summary>
internal static class GanVerb
{
    public static Command Create() => new("gan", """
        Train a conditional StyleGAN2 on labelled images, look at what it has learned, and take it elsewhere.

        Examples:
          understudy gan train faces.zip --out runs/faces --minutes 60
          understudy gan resume runs/faces --minutes 60
          understudy gan info runs/faces
          understudy gan curves runs/faces --out curves.svg
          understudy gan sheet runs/faces --out sheet.png
          understudy gan interpolate runs/faces --seeds 0-3 --out walk.png
          understudy gan export runs/faces --out faces.onnx
          understudy generate runs/faces --count 7000 --out stand-in.zip
        """)
    {
        TrainVerb.Create(),
        ResumeVerb.Create(),
        SheetVerb.Create(),
        InterpolateVerb.Create(),
        MixVerb.Create(),
        ProjectVerb.Create(),
        ExportVerb.Create(),
        ImportVerb.Create(),
        InfoVerb.Create(),
        CurvesVerb.Create(),
    };
}
