using System.CommandLine;
using Understudy.Data;

namespace Understudy.Cli.Verbs;

/// <summary>How images are read: the same options wherever a path to images is taken.</summary>
internal sealed record ReadingOptions(Option<int?> Size, Option<int?> Channels, Option<Crop> Crop, Option<bool> SkipBad)
{
    public static ReadingOptions AddTo(Command command)
    {
        var o = new ReadingOptions(
            new("--size") { Description = "Make every image N×N pixels [default: as the files are]", HelpName = "N" },
            new("--channels") { Description = "1 (grey) or 3 (RGB) [default: as the files are]", HelpName = "1|3" },
            new("--crop") { Description = "What to do with images that are not square, given --size: center cuts, pad adds black", DefaultValueFactory = _ => Data.Crop.None },
            new("--skip-bad") { Description = "List unreadable files and go on without them" });
        foreach (var option in (Option[])[o.Size, o.Channels, o.Crop, o.SkipBad]) command.Options.Add(option);
        return o;
    }

    public ImageReading From(ParseResult arguments) => ImageReading.Square(
        arguments.GetValue(Size), arguments.GetValue(Channels), arguments.GetValue(Crop), arguments.GetValue(SkipBad)).Validate();
}
