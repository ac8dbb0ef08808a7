using System.CommandLine;
using Understudy.Common;
using Understudy.Data;
using Understudy.Synthesis;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan mix</c>: rows' faces with columns' styles.</summary>
internal static class MixVerb
{
    private static readonly ToolArguments Tool = new();
    private static readonly Option<string> Rows = new("--rows")
    {
        Description = "Seeds of the faces down the left: 0,5,7 or 0-7",
        DefaultValueFactory = _ => "0-4",
        HelpName = "SEEDS",
    };
    private static readonly Option<string> Columns = new("--columns")
    {
        Description = "Seeds of the faces across the top",
        DefaultValueFactory = _ => "10-16",
        HelpName = "SEEDS",
    };
    private static readonly Option<string?> Class = new("--class")
    {
        Description = "The class of all faces [default: the generator's first]",
        HelpName = "NAME",
    };
    private static readonly Option<string?> RowClass = new("--row-class")
    {
        Description = "The class of the rows' faces, where it is another",
        HelpName = "NAME",
    };
    private static readonly Option<string?> ColumnClass = new("--column-class")
    {
        Description = "The class of the columns' faces, where it is another",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Layers = new("--layers")
    {
        Description = "The layers that follow the columns: 4-7, or 4 for one [default: the upper half]",
        HelpName = "LAYERS",
    };
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The PNG to write",
        DefaultValueFactory = _ => "mix.png",
        HelpName = "PNG",
    };

    public static Command Create() => Tool.AddTo(new Command("mix", """
        Mix styles: the faces at the left with some layers of the faces above.

        The first layers steer pose and shape, the last ones tone and detail; with two classes the picture
        shows which layers make the expression.

        Examples:
          understudy gan mix runs/faces --rows 0-4 --columns 10-16 --class happy --out mix.png
          understudy gan mix runs/faces --row-class angry --column-class happy --layers 0-3 --out expression.png
        """)
    {
        Rows, Columns, Class, RowClass, ColumnClass, Layers, Out,
    }).Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (rows, columns) =
            (ToolArguments.Seeds("--rows", a.GetValue(Rows)!), ToolArguments.Seeds("--columns", a.GetValue(Columns)!));
        (int First, int Last)? layers = a.GetValue(Layers) is { } text ? ToolArguments.Layers(text) : null;
        OptionException.RequireRange("scale", Tool.Scale(a), 1, 32);
        var options = Tool.Options(a);
        using var sampler = Tool.Load(session);
        int Label(Option<string?> own) =>
            (a.GetValue(own) ?? a.GetValue(Class)) is { } name ? ToolArguments.Label(sampler.Classes, name) : 0;
        var (rowLabel, columnLabel) = (Label(RowClass), Label(ColumnClass));
        var mix = new StyleMix(
            [.. rows.Select(s => new Face(s, rowLabel))], [.. columns.Select(s => new Face(s, columnLabel))], layers?.First,
                layers?.Last);
        var path = a.GetValue(Out)!;
        var images = mix.Draw(sampler, options);
        Picture.Grid(images, sampler.Shape, columns.Count + 1, Tool.Scale(a)).Save(path, SyntheticMark.Of(sampler.GeneratorHash));
        session.Output.WriteLine(
            $"{path}: {rows.Count} rows of {sampler.Classes[rowLabel]}, {columns.Count} columns of "
            + $"{sampler.Classes[columnLabel]}; "
            + $"layers {mix.First(sampler)}-{mix.Last(sampler)} of 0-{sampler.LayerCount - 1} follow the columns");
        return CommandLine.Done;
    }
}
