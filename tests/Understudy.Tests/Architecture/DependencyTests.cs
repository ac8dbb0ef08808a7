using System.Reflection;
using System.Reflection.Emit;
using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Architecture;

/// <summary>
/// Dependencies between folders point one way. Read from the compiled code (signatures, fields, attributes and the
/// instructions of every method), so that no spelling of a name gets past it.
/// </summary>
public sealed class DependencyTests
{
    /// <summary>What each folder may use, besides itself.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Common"] = [],
        ["Evaluation"] = ["Common"],
        ["Data"] = ["Common"],
        ["Networks"] = ["Common", "Data", "Evaluation"],
        ["Training"] = ["Common", "Data", "Evaluation", "Networks"],
        ["Synthesis"] = ["Common", "Data", "Evaluation", "Networks", "Training"],
        ["Probes"] = ["Common", "Data", "Evaluation", "Networks", "Training", "Synthesis"],
        ["Reporting"] = ["Common", "Data", "Evaluation"],
        ["Studies"] = ["Common", "Data", "Evaluation", "Networks", "Training", "Synthesis", "Probes", "Reporting"],
    };

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodeOf =
        typeof(OpCodes).GetFields().Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

    private static readonly Assembly Library = typeof(Fingerprint).Assembly;

    [Fact]
    public void Library_EveryType_LivesInAKnownFolder()
    {
        var strangers = Library.GetTypes().Where(t => t.Namespace is { } n && n.StartsWith("Understudy", StringComparison.Ordinal)
            && !Allowed.ContainsKey(FolderOf(t)!)).Select(t => t.FullName);
        Assert.Empty(strangers);
    }

    [Fact]
    public void Library_EveryReference_PointsTheAllowedWay()
    {
        var wrong = Library.GetTypes().Where(t => FolderOf(t) is not null)
            .SelectMany(t => Uses(t).Select(FolderOf).OfType<string>().Distinct()
                .Where(to => to != FolderOf(t) && !Allowed[FolderOf(t)!].Contains(to))
                .Select(to => $"{t.FullName} uses {to}"));
        Assert.Empty(wrong.Distinct());
    }

    [Theory]
    [InlineData("Evaluation")]
    [InlineData("Data")]
    [InlineData("Reporting")]
    [InlineData("Common")]
    public void Folder_WithoutTensors_NeverUsesTorch(string folder)
    {
        var wrong = Library.GetTypes().Where(t => FolderOf(t) == folder)
            .Where(t => Uses(t).Any(u => u.Assembly.GetName().Name == "TorchSharp")).Select(t => t.FullName);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Uses_AMethodThatOnlyCalls_SeesTheCallee() =>
        Assert.Contains(typeof(Fingerprint), Uses(typeof(ImageSet)));

    private static string? FolderOf(Type t) =>
        t.Assembly == Library && t.Namespace is { } n && n.StartsWith("Understudy.", StringComparison.Ordinal) ? n.Split('.')[1]
        : t.DeclaringType is { } outer ? FolderOf(outer) : null;

    private static IEnumerable<Type> Uses(Type type)
    {
        IEnumerable<Type?> direct =
        [
            type.BaseType, .. type.GetInterfaces(),
            .. type.GetFields(All).Select(f => f.FieldType),
            .. type.GetProperties(All).Select(p => p.PropertyType),
            .. type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(UsesOf),
        ];
        return direct.OfType<Type>().SelectMany(Unwrap).Distinct();
    }

    private static IEnumerable<Type?> UsesOf(MethodBase method)
    {
        var body = method.GetMethodBody();
        return [(method as MethodInfo)?.ReturnType, .. method.GetParameters().Select(p => p.ParameterType),
            .. body?.LocalVariables.Select(v => v.LocalType) ?? [],
            .. body is null ? [] : Called(method, body.GetILAsByteArray()!)];
    }

    private static IEnumerable<Type?> Called(MethodBase method, byte[] il)
    {
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int i = 0; i < il.Length;)
        {
            var code = OpCodeOf[il[i] == 0xFE ? unchecked((short)(0xFE00 | il[i + 1])) : il[i]];
            i += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(il, i), typeArguments, methodArguments);
                yield return member as Type ?? member?.DeclaringType;
                if (member is MethodInfo m)
                {
                    yield return m.ReturnType;
                    foreach (var a in m.IsGenericMethod ? m.GetGenericArguments() : []) yield return a;
                }
            }
            i += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, i),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Unwrap(Type t) =>
        t.HasElementType ? Unwrap(t.GetElementType()!)
        : t.IsGenericType && !t.IsGenericTypeDefinition
        ? [t.GetGenericTypeDefinition(), .. t.GetGenericArguments().SelectMany(Unwrap)] : [t];
}
