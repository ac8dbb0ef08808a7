using System.CommandLine;
using Understudy.Common;
using Understudy.Synthesis;
using Understudy.Training;

namespace Understudy.Cli.Verbs.Gan;

/// <summary><c>gan import</c>: a generator from elsewhere.</summary>
internal static class ImportVerb
{
    private static readonly Argument<string> From = new("FILE")
    {
        Description = "A state dictionary: .safetensors, .pth or .pt, by the reference implementation's names",
    };
    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = "The generator.safetensors to write",
        Required = true,
        HelpName = "FILE",
    };
    private static readonly Option<string[]> Classes = new("--classes")
    {
        Description = "Names in label order: angry,happy,…; or given again for each "
            + "[default: those in the file, else class 0, class 1 …; needed where a network takes its label as one number]",
        DefaultValueFactory = _ => [],
        HelpName = "NAMES",
    };

    public static Command Create() => new Command("import", """
        Take in a StyleGAN2(-ADA) generator trained elsewhere.

        What it is made of is read off the shapes of its state dictionary. Nothing in a file is run. Of a
        pickled training, save the averaged generator's state dictionary first: torch.save(G_ema.state_dict(),
        "generator.pt").

        Example:
          understudy gan import generator.pt --classes angry,happy,fear --out generator.safetensors
        """)
    {
        From, Out, Classes,
    }.Does(Run);

    private static int Run(Session session)
    {
        var a = session.Arguments;
        var (from, path) = (a.GetValue(From)!, a.GetValue(Out)!);
        if (!File.Exists(from))
            throw new InvalidDataException($"{from}: no such file; give a state dictionary as .safetensors, .pth or .pt");
        var (generator, card) = ForeignGenerator.Read(from, ToolArguments.Names(a.GetValue(Classes)!));
        using (generator) GeneratorFile.Save(path, generator, card);
        var o = card.Options;
        session.Output.WriteLine(
            $"{path}: {o.Architecture.Word()} generator of {o.Channels}×{o.Resolution}×{o.Resolution} images, "
            + $"z {o.ZDim}, w {o.WDim}, {o.MappingLayers} mapping layers, channel base {o.ChannelBase}, at most {o.ChannelMax}; "
            + $"classes: {string.Join(", ", card.Classes)}");
        return CommandLine.Done;
    }
}
