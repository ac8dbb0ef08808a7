using System.CommandLine;
using Understudy.Cli.Verbs.Classify;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy classify</c>: train a classifier, test it, ask it, take it elsewhere.</summary>
internal static class ClassifyVerb
{
    public static Command Create() => new("classify", """
        Train a classifier, test it on labelled images, ask it about others.

        Examples:
          understudy classify train faces.zip --out runs/judge --recipe a
          understudy classify test runs/judge faces.zip
          understudy classify predict runs/judge holiday.jpg --format json
          understudy classify export runs/judge --out judge.onnx
        """)
    {
        TrainVerb.Create(),
        TestVerb.Create(),
        PredictVerb.Create(),
        ExportVerb.Create(),
    };
}
